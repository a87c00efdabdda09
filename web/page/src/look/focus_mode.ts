import { useEffect } from "react";

/** While somebody sings, the way to other pages is out of reach of a stray thumb. */
export function useFocusMode(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    document.documentElement.dataset["focus"] = "true";
    return () => void delete document.documentElement.dataset["focus"];
  }, [on]);
}
