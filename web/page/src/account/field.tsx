// One line to type into, with its name above and a word on it below.
import { useId, type InputHTMLAttributes } from "react";

import styles from "./account.module.css";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  help?: string;
}

export function Field({ label, help, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} required {...(help !== undefined && { "aria-describedby": `${id}-help` })} {...rest} />
      {help !== undefined && <span id={`${id}-help`}>{help}</span>}
    </div>
  );
}

interface PasswordProps {
  label: string;
  help?: string;
  fresh?: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** fresh: one that is being chosen, so that the browser offers to make one and not those it knows. */
export function PasswordField({ fresh = false, onChange, ...rest }: PasswordProps) {
  return (
    <Field
      type="password"
      autoComplete={fresh ? "new-password" : "current-password"}
      minLength={8}
      maxLength={256}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  );
}
