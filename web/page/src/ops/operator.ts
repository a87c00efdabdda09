// Who operates, and the one way to ask the server for what is theirs.
import { createContext, useCallback, useContext, useEffect, useState } from "react";

import { ApiError } from "../api/client";

export interface Operator {
  token: string;
  /** Whether what is shown is asked for again by itself. */
  live: boolean;
  /** The server knows the token no more. */
  refuse: () => void;
}

export const OperatorContext = createContext<Operator>({ token: "", live: false, refuse: () => undefined });
export const useOperator = () => useContext(OperatorContext);

export const by = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
export const isRefused = (error: unknown) => error instanceof ApiError && (error.status === 401 || error.status === 403);

export interface Polled<T> {
  data: T | null;
  /** Why `data` is older than it should be. */
  fault: string | null;
}

const everyMilliseconds = 5_000;

/** Loads every five seconds while the page is seen, one load at a time; what was there stays until the new is. */
export function usePolled<T>(key: string, load: (token: string) => Promise<T>): [Polled<T>, () => void] {
  const { token, live, refuse } = useOperator();
  const [polled, setPolled] = useState<Polled<T> & { key: string }>({ key, data: null, fault: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    let timer = 0;
    const turn = async () => {
      if (!document.hidden) {
        try {
          const data = await load(token);
          if (current) setPolled({ key, data, fault: null });
        } catch (error) {
          if (!current) return;
          if (isRefused(error)) return refuse();
          const fault = error instanceof ApiError ? `${error.message}${error.traceId ? ` (${error.traceId})` : ""}` : String(error);
          setPolled((before) => ({ key, data: before.key === key ? before.data : null, fault }));
        }
      }
      if (current && live) timer = window.setTimeout(() => void turn(), everyMilliseconds);
    };
    void turn();
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // `load` is named by `key`.
  }, [key, token, live, round, refuse]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return [polled.key === key ? polled : { data: null, fault: null }, again];
}
