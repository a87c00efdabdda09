// The few components that every screen is made of. They hold no state of their own.
import { useEffect, useRef, type ButtonHTMLAttributes, type ReactNode } from "react";

import { Link } from "../router";
import styles from "./parts.module.css";

export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

export type Weight = "primary" | "quiet" | "plain" | "danger";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  weight?: Weight;
  wide?: boolean;
}

export function Button({ weight = "quiet", wide, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cx(styles.button, styles[weight], wide && styles.wide, className)} {...rest} />;
}

interface ButtonLinkProps {
  href: string;
  weight?: Weight;
  wide?: boolean;
  children: ReactNode;
}

/** A link that looks like a button, for the one next thing to do. */
export function ButtonLink({ weight = "quiet", wide, ...rest }: ButtonLinkProps) {
  return <Link className={cx(styles.button, styles[weight], wide && styles.wide)} {...rest} />;
}

/** What the server gives as a file. */
export function DownloadLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className={cx(styles.button, styles.quiet)} href={href} download>
      {children}
    </a>
  );
}

export function Card({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <section className={cx(styles.card, styles.stack, className)}>{children}</section>;
}

export function Stack({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <div className={cx(styles.stack, className)}>{children}</div>;
}

export function Row({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <div className={cx(styles.row, className)}>{children}</div>;
}

export function Soft({ children, small }: { children: ReactNode; small?: boolean }) {
  return <p className={cx(styles.soft, small && styles.small)}>{children}</p>;
}

/** A remark. `live`: it appears by itself, so a screen reader says it. */
export function Note({
  tone,
  live,
  children,
}: {
  tone: "info" | "good" | "warn" | "bad";
  live?: boolean;
  children: ReactNode;
}) {
  const role = live ? (tone === "bad" ? "alert" : "status") : undefined;
  return (
    <div className={cx(styles.note, styles[tone])} role={role}>
      <div>{children}</div>
    </div>
  );
}

/** value: 0 to 1; null while nobody knows how far it is. */
export function Progress({ value, label }: { value: number | null; label: string }) {
  return <progress className={styles.progress} aria-label={label} max={1} {...(value !== null && { value })} />;
}

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few: radio buttons, so that arrow keys move through them. */
export function Choice<T extends string>({ legend, name, options, value, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  actions: ReactNode;
}

/** Modal: the browser keeps the focus inside, Escape closes it, and the focus goes back where it was. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);
  return (
    <dialog ref={ref} className={styles.dialog} aria-label={title} onClose={onClose}>
      {open && (
        <Stack>
          <h2>{title}</h2>
          {children}
          <Row>{actions}</Row>
        </Stack>
      )}
    </dialog>
  );
}
