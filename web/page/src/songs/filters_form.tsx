import { Button, Row } from "../look/parts";
import { usePreferences } from "../settings/preferences";
import { useText } from "../text";
import { keyName } from "./fact_words";
import { noFilters, type Filters } from "./source";
import styles from "./songs.module.css";

const keys = Array.from({ length: 13 }, (_, i) => i - 6);
const decades = [1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020];
const songLanguages = ["ko", "en", "ja", "zh"];

function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

interface TicksProps<T extends string | number> {
  legend: string;
  options: readonly { value: T; label: string }[];
  chosen: readonly T[];
  onToggle: (value: T) => void;
}

function Ticks<T extends string | number>({ legend, options, chosen, onToggle }: TicksProps<T>) {
  return (
    <fieldset className={styles.ticks}>
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function KeySelect({ label, value, from, to, onChange }: { label: string; value: number; from: number; to: number; onChange: (key: number) => void }) {
  return (
    <label className={styles.keySelect}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {keys
          .filter((key) => key >= from && key <= to)
          .map((key) => (
            <option key={key} value={key}>
              {keyName(key)}
            </option>
          ))}
      </select>
    </label>
  );
}

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function FiltersForm({ filters, onChange }: Props) {
  const t = useText();
  const { language } = usePreferences();
  const languageNames = new Intl.DisplayNames(language, { type: "language" });
  const change = (part: Partial<Filters>) => onChange({ ...filters, ...part });
  const own = languageNames.of(language) ?? language;
  const active =
    Number(filters.lowKey !== noFilters.lowKey || filters.highKey !== noFilters.highKey) +
    filters.decades.length + filters.languages.length + Number(filters.hideUncertain) + Number(!filters.ownFirst);
  return (
    <details className={styles.filters}>
      <summary>
        {t.songs.filters}
        {active > 0 && <span className={styles.count}>{active}</span>}
      </summary>
      <div className={styles.filterBody}>
        <fieldset className={styles.ticks}>
          <legend>{t.songs.keys}</legend>
          <KeySelect label={t.songs.keysFrom} value={filters.lowKey} from={-6} to={filters.highKey} onChange={(lowKey) => change({ lowKey })} />
          <KeySelect label={t.songs.keysTo} value={filters.highKey} from={filters.lowKey} to={6} onChange={(highKey) => change({ highKey })} />
        </fieldset>
        <Ticks
          legend={t.songs.languages}
          options={songLanguages.map((value) => ({ value, label: languageNames.of(value) ?? value }))}
          chosen={filters.languages}
          onToggle={(value) => change({ languages: toggled(filters.languages, value) })}
        />
        <Ticks
          legend={t.songs.decades}
          options={decades.map((value) => ({ value, label: t.songs.decade(value) }))}
          chosen={filters.decades}
          onToggle={(value) => change({ decades: toggled(filters.decades, value) })}
        />
        <div className={styles.switches}>
          <label>
            <input type="checkbox" checked={filters.ownFirst} onChange={() => change({ ownFirst: !filters.ownFirst })} />
            {t.songs.languageFirst(own)}
          </label>
          <label>
            <input type="checkbox" checked={filters.hideUncertain} onChange={() => change({ hideUncertain: !filters.hideUncertain })} />
            {t.songs.hideUncertain}
          </label>
        </div>
        {active > 0 && (
          <Row>
            <Button onClick={() => onChange(noFilters)}>{t.songs.reset}</Button>
          </Row>
        )}
      </div>
    </details>
  );
}
