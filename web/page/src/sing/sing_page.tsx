import { Page } from "../look/page";
import { useText } from "../text";

export function SingPage() {
  const t = useText();
  return <Page title={t.common.sing}>{null}</Page>;
}
