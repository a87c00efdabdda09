import { Page } from "./look/page";
import { ButtonLink } from "./look/parts";
import { useText } from "./text";

export function HomePage() {
  const t = useText();
  return (
    <Page title={t.common.name}>
      <div>
        <ButtonLink href="/sing" weight="primary">
          {t.common.sing}
        </ButtonLink>
      </div>
    </Page>
  );
}
