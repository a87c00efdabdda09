import { cloneElement, useId, type ReactElement } from "react";

import styles from "./people.module.css";

interface FieldProps {
  label: string;
  help?: string;
  fault?: string | null;
  /** One input, textarea or select. */
  children: ReactElement<{ id?: string; "aria-describedby"?: string | undefined; "aria-invalid"?: boolean }>;
}

/** A labelled field; what helps and what is wrong are read with it. */
export function Field({ label, help, fault, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, { id, "aria-describedby": described || undefined, "aria-invalid": Boolean(fault) })}
      {help && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
