import { useState, type ReactNode } from "react";

import { answer, api, ApiError, type Schema } from "../api/client";
import { Page } from "../look/page";
import { Button, Card, Note, Soft, Stack } from "../look/parts";
import { TraceNumber } from "../look/trace_number";
import { choose } from "../settings/preferences";
import { useText } from "../text";
import styles from "./sing.module.css";

interface ConsentProps {
  about: Schema["About"];
  onAgreed: () => void;
  /** The server has other words by now. */
  onOutdated: () => void;
}

/** What one agrees to, and the button. children: what may be done instead. */
export function ConsentCard({ about, label, onAgreed, onOutdated, children }: ConsentProps & { label: string; children?: ReactNode }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<{ said: string; by: ApiError } | null>(null);
  const { keep_guest_days, keep_failed_days } = about.limits;
  const points = [
    t.sing.consentSent,
    t.sing.consentKept,
    t.sing.consentGuest(keep_guest_days),
    t.sing.consentFailed(keep_failed_days),
    t.sing.consentSeen,
    t.sing.consentDelete,
    t.sing.consentCookie,
  ];
  const agree = async () => {
    setBusy(true);
    setFault(null);
    try {
      await answer(api.POST("/v1/session", { body: { consent: about.consent_version } }));
      onAgreed();
    } catch (error) {
      setBusy(false);
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 409) onOutdated();
      const said = error.status === 409 ? t.sing.consentChanged : error.code === "offline" ? t.common.offline : error.message;
      setFault({ said, by: error });
    }
  };
  return (
    <Card>
      <ul className={styles.points}>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {fault && (
        <Note tone="bad" live>
          <p>{fault.said}</p>
          <TraceNumber of={fault.by} />
        </Note>
      )}
      <Button weight="primary" wide disabled={busy} onClick={() => void agree()}>
        {label}
      </Button>
      {children}
    </Card>
  );
}

export function Consent(props: ConsentProps) {
  const t = useText();
  return (
    <Page title={t.sing.consentTitle} lead={t.sing.consentLead}>
      <ConsentCard {...props} label={t.sing.agree}>
        <Stack>
          <Button weight="plain" wide onClick={() => choose({ mode: "device" })}>
            {t.sing.onDevice}
          </Button>
          <Soft small>{t.sing.onDeviceNote}</Soft>
        </Stack>
      </ConsentCard>
    </Page>
  );
}
