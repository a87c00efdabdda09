// A button for what cannot be taken back: it asks first, then goes elsewhere, for what the page showed is gone.
import { useState } from "react";

import { navigate } from "../router";
import { useText } from "../text";
import { Button, Dialog, Note } from "./parts";
import { TraceNumber } from "./trace_number";

interface DeletingProps {
  label: string;
  title: string;
  text: string;
  failed: string;
  remove: () => Promise<unknown>;
  /** Where to go afterwards. */
  to: string;
}

export function Deleting({ label, title, text, failed, remove, to }: DeletingProps) {
  const t = useText();
  const [asked, setAsked] = useState(false);
  const [fault, setFault] = useState<{ by: unknown } | null>(null);
  const go = () =>
    void remove().then(
      () => navigate(to),
      (by: unknown) => setFault({ by }),
    );
  return (
    <>
      <Button weight="danger" onClick={() => setAsked(true)}>
        {label}
      </Button>
      <Dialog
        open={asked}
        title={title}
        onClose={() => setAsked(false)}
        actions={
          <>
            <Button weight="danger" onClick={go}>
              {t.settings.yes}
            </Button>
            <Button onClick={() => setAsked(false)}>{t.common.cancel}</Button>
          </>
        }
      >
        <p>{text}</p>
        {fault !== null && (
          <Note tone="bad" live>
            <p>{failed}</p>
            <TraceNumber of={fault.by} />
          </Note>
        )}
      </Dialog>
    </>
  );
}
