import { useLoad } from "../api/load";
import { Page } from "../look/page";
import { ButtonLink, Row, Stack } from "../look/parts";
import { useText } from "../text";
import { about } from "../upload/sender";

const usual = { keep_failed_days: 14, keep_guest_days: 90 }; // until the server has said its own

export function PrivacyPage() {
  const t = useText();
  const [loaded] = useLoad("about", about);
  const limits = loaded.data?.limits ?? usual;
  return (
    <Page title={t.settings.privacyTitle} lead={t.settings.privacyIntro}>
      {t.settings.privacy({ failedDays: limits.keep_failed_days, guestDays: limits.keep_guest_days }).map(({ head, text }) => (
        <Stack key={head}>
          <h2>{head}</h2>
          <p>{text}</p>
        </Stack>
      ))}
      <Row>
        <ButtonLink href="/settings">{t.common.settings}</ButtonLink>
      </Row>
    </Page>
  );
}
