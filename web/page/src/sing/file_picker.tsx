import { cx } from "../look/parts";
import buttons from "../look/parts.module.css";
import styles from "./sing.module.css";

/** The browser's own file input behind a button of ours: a keyboard and a screen reader find the real one. */
export function FilePicker({ accept, label, onPick }: { accept: string; label: string; onPick: (file: File) => void }) {
  return (
    <label className={styles.file}>
      <input
        type="file"
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // so that the same file may be chosen again
          if (file) onPick(file);
        }}
      />
      <span className={cx(buttons.button, buttons.quiet)} aria-hidden="true">
        {label}
      </span>
    </label>
  );
}
