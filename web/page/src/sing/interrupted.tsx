import { useEffect, useState } from "react";

import { Button, Note, Row, Stack } from "../look/parts";
import { clock } from "../look/time";
import { deleteTake, interruptedTakes, recoverTake, updateTake, watchTakes, type LocalTake } from "../store/takes";
import { useText } from "../text";

/** Takes that a closed tab or a crash cut short: kept or thrown away, as the singer says. */
export function InterruptedTakes({ send, onKept }: { send: boolean; onKept: (take: LocalTake) => void }) {
  const t = useText();
  const [takes, setTakes] = useState<LocalTake[]>([]);
  useEffect(() => {
    const look = () => void interruptedTakes().then(setTakes);
    look();
    return watchTakes(look);
  }, []);
  const keep = async (id: string) => {
    await recoverTake(id);
    const kept = await updateTake(id, { send });
    if (kept) onKept(kept);
  };
  return takes.map((take) => (
    <Note key={take.id} tone="info" live>
      <Stack>
        <p>{t.sing.interrupted(clock(take.durationSeconds))}</p>
        <Row>
          <Button onClick={() => void keep(take.id)}>{t.sing.interruptedKeep}</Button>
          <Button weight="plain" onClick={() => void deleteTake(take.id)}>
            {t.sing.discard}
          </Button>
        </Row>
      </Stack>
    </Note>
  ));
}
