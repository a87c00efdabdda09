// Why a song, or why none: one sentence for each code of src/songs/reason.h, in three languages. The numbers
// come as words already; what a code does not set is never asked for.

import { words } from "./words";

export const factCodes = [
  "all_comfortable",
  "mostly_comfortable",
  "above_comfortable",
  "below_comfortable",
  "above_full",
  "below_full",
  "clear_in_key",
  "original_key_above",
  "original_key_below",
  "original_top_above",
  "original_key",
  "octave_shift",
  "top_comfortable",
  "top_reachable",
  "high_end_lowered",
  "high_end_raised",
  "low_end_raised",
  "low_end_lowered",
  "top_is_falsetto",
  "adlib_above",
  "well_known",
  "top_only",
  "ends_only",
  "octave_uncertain",
  "high_end_unknown",
  "low_end_unknown",
  "one_take",
  "nothing_low_enough",
  "nothing_high_enough",
  "nothing_easy_enough",
  "nothing_passes_filters",
  "empty_catalogue",
] as const;
export type FactCode = (typeof factCodes)[number];

/** Of a fact, as words of the reader. */
export interface FactWords {
  /** "+2", "−1", "0" */
  key: string;
  limit: string;
  lowLimit: string;
  note: string;
  lowNote: string;
  /** "12.3": of singing; null where only the ends are known. */
  seconds: string | null;
  secondsAtNote: string | null;
  /** Semitones: "0.4". */
  margin: string;
  /** Rounded, it is nothing. */
  atLimit: boolean;
  /** "83 %" */
  share: string;
  /** +1 up, −1 down. */
  octaves: number;
  chartPeak: number | null;
  albumRank: number | null;
}

export type FactSentences = Record<FactCode, (w: FactWords) => string>;

const semitones = (margin: string): string => `${margin} semitone${margin === "1" ? "" : "s"}`;

const en: FactSentences = {
  all_comfortable: (w) => `All of it, ${w.lowNote} to ${w.note}, lies in your comfortable ${w.lowLimit} to ${w.limit}`,
  mostly_comfortable: (w) => `${w.share} of it lies in your comfortable range`,
  above_comfortable: (w) =>
    `${w.seconds} s above your comfortable ${w.limit}, ${w.secondsAtNote ? `${w.secondsAtNote} s at its highest, ${w.note}` : `up to ${w.note}`}`,
  below_comfortable: (w) =>
    `${w.seconds} s below your comfortable ${w.limit}, ${w.secondsAtNote ? `${w.secondsAtNote} s at its lowest, ${w.note}` : `down to ${w.note}`}`,
  above_full: (w) =>
    `Its highest, ${w.note}, is ${semitones(w.margin)} above your highest, ${w.limit}${w.seconds ? ` (for ${w.seconds} s)` : ""}`,
  below_full: (w) =>
    `Its lowest, ${w.note}, is ${semitones(w.margin)} below your lowest, ${w.limit}${w.seconds ? ` (for ${w.seconds} s)` : ""}`,
  clear_in_key: (w) => `In ${w.key === "0" ? "the original key" : `key ${w.key}`} nothing is above your comfortable ${w.limit}`,
  original_key_above: (w) =>
    `In the original key ${w.seconds} s lie above your comfortable ${w.limit}, up to ${w.note}`,
  original_key_below: (w) =>
    `In the original key ${w.seconds} s lie below your comfortable ${w.limit}, down to ${w.note}`,
  original_top_above: (w) =>
    `In the original key its highest, ${w.note}, is ${semitones(w.margin)} above your comfortable ${w.limit}`,
  original_key: () => "It fits in the original key",
  octave_shift: (w) => `Sung an octave ${w.octaves > 0 ? "higher" : "lower"} than the original`,
  top_comfortable: (w) =>
    w.atLimit
      ? `Its highest, ${w.note}, is the top of your comfortable range`
      : `Its highest, ${w.note}, is ${semitones(w.margin)} under your comfortable ${w.limit}`,
  top_reachable: (w) =>
    w.atLimit
      ? `Its highest, ${w.note}, is your highest note`
      : `Its highest, ${w.note}, is over your comfortable range and ${semitones(w.margin)} under your highest, ${w.limit}`,
  high_end_lowered: (w) =>
    `Because you found songs too hard, ${w.limit} counts as your comfortable top, ${semitones(w.margin)} lower than your takes show`,
  high_end_raised: (w) =>
    `Because songs went well, ${w.limit} counts as your comfortable top, ${semitones(w.margin)} higher than your takes show`,
  low_end_raised: (w) =>
    `Because you found songs too hard, ${w.limit} counts as your comfortable low end, ${semitones(w.margin)} higher than your takes show`,
  low_end_lowered: (w) =>
    `Because songs went well, ${w.limit} counts as your comfortable low end, ${semitones(w.margin)} lower than your takes show`,
  top_is_falsetto: (w) => `Its highest, ${w.note}, is falsetto in the original`,
  adlib_above: (w) => `A chorus or ad-lib goes up to ${w.note}; it can be left out`,
  well_known: (w) =>
    w.chartPeak !== null
      ? `Well known: number ${w.chartPeak} in the US charts`
      : `Well known: number ${w.albumRank} of the 500 greatest songs`,
  top_only: (w) => `Only its highest note is known, within ${semitones(w.margin)}; the rest is the average shape of songs`,
  ends_only: (w) => `Only its ends are known, within ${semitones(w.margin)}; between them is the average shape of songs`,
  octave_uncertain: () => "The octave written down may not be the octave sung",
  high_end_unknown: (w) => `No take has told your highest note; ${w.limit} is assumed, give or take ${semitones(w.margin)}`,
  low_end_unknown: (w) => `No take has told your lowest note; ${w.limit} is assumed, give or take ${semitones(w.margin)}`,
  one_take: () => "This is the range that one take showed; your voice may reach further",
  nothing_low_enough: (w) =>
    `Even in key ${w.key} the nearest song goes up to ${w.note}, ${semitones(w.margin)} above your highest, ${w.limit}`,
  nothing_high_enough: (w) =>
    `Even in key ${w.key} the nearest song goes down to ${w.note}, ${semitones(w.margin)} below your lowest, ${w.limit}`,
  nothing_easy_enough: (w) => `Every song is in reach, but even the nearest has only ${w.share} in your comfortable range`,
  nothing_passes_filters: () => "No song has the language and decade you chose",
  empty_catalogue: () => "The catalogue has no songs",
};

const ko: FactSentences = {
  all_comfortable: (w) => `${w.lowNote}부터 ${w.note}까지, 전부 편한 음역(${w.lowLimit} ~ ${w.limit}) 안에 있어요`,
  mostly_comfortable: (w) => `노래의 ${w.share}가 편한 음역 안에 있어요`,
  above_comfortable: (w) =>
    `편한 최고음 ${w.limit}보다 높은 부분이 ${w.seconds}초 있어요 (최고 ${w.note}${w.secondsAtNote ? `, ${w.secondsAtNote}초` : ""})`,
  below_comfortable: (w) =>
    `편한 최저음 ${w.limit}보다 낮은 부분이 ${w.seconds}초 있어요 (최저 ${w.note}${w.secondsAtNote ? `, ${w.secondsAtNote}초` : ""})`,
  above_full: (w) =>
    `가장 높은 음 ${w.note}, 내 최고음 ${w.limit}보다 ${w.margin}반음 높아요${w.seconds ? ` (${w.seconds}초)` : ""}`,
  below_full: (w) =>
    `가장 낮은 음 ${w.note}, 내 최저음 ${w.limit}보다 ${w.margin}반음 낮아요${w.seconds ? ` (${w.seconds}초)` : ""}`,
  clear_in_key: (w) => `${w.key === "0" ? "원" : w.key}키로 부르면 편한 최고음 ${w.limit}보다 높은 음이 없어요`,
  original_key_above: (w) => `원키로 부르면 ${w.seconds}초 동안 편한 최고음 ${w.limit}보다 높아요 (최고 ${w.note})`,
  original_key_below: (w) => `원키로 부르면 ${w.seconds}초 동안 편한 최저음 ${w.limit}보다 낮아요 (최저 ${w.note})`,
  original_top_above: (w) => `원키의 최고음 ${w.note}, 편한 최고음 ${w.limit}보다 ${w.margin}반음 높아요`,
  original_key: () => "원키 그대로 부르기 좋아요",
  octave_shift: (w) => `원곡보다 한 옥타브 ${w.octaves > 0 ? "올려" : "내려"} 불러요`,
  top_comfortable: (w) =>
    w.atLimit
      ? `가장 높은 음 ${w.note}, 딱 내 편한 최고음이에요`
      : `가장 높은 음 ${w.note}, 편한 최고음 ${w.limit}보다 ${w.margin}반음 낮아요`,
  top_reachable: (w) =>
    w.atLimit
      ? `가장 높은 음 ${w.note}, 딱 내 최고음이에요`
      : `가장 높은 음 ${w.note}, 편한 음역은 넘지만 내 최고음 ${w.limit}보다 ${w.margin}반음 낮아요`,
  high_end_lowered: (w) => `어려웠다고 한 곡을 반영해, 편한 최고음을 녹음보다 ${w.margin}반음 낮은 ${w.limit}까지로 봐요`,
  high_end_raised: (w) => `잘 불렀다고 한 곡을 반영해, 편한 최고음을 녹음보다 ${w.margin}반음 높은 ${w.limit}까지로 봐요`,
  low_end_raised: (w) => `어려웠다고 한 곡을 반영해, 편한 최저음을 녹음보다 ${w.margin}반음 높은 ${w.limit}까지로 봐요`,
  low_end_lowered: (w) => `잘 불렀다고 한 곡을 반영해, 편한 최저음을 녹음보다 ${w.margin}반음 낮은 ${w.limit}까지로 봐요`,
  top_is_falsetto: (w) => `가장 높은 음 ${w.note}, 원곡에서는 가성이에요`,
  adlib_above: (w) => `코러스나 애드리브가 ${w.note}까지 올라가지만, 빼고 불러도 돼요`,
  well_known: (w) => (w.chartPeak !== null ? `잘 알려진 곡: 미국 차트 최고 ${w.chartPeak}위` : `잘 알려진 곡: 명곡 500선 ${w.albumRank}위`),
  top_only: (w) => `최고음만 알려진 곡이에요(±${w.margin}반음). 나머지는 보통 노래처럼 어림했어요`,
  ends_only: (w) => `최고음과 최저음만 알려진 곡이에요(±${w.margin}반음). 그 사이는 보통 노래처럼 어림했어요`,
  octave_uncertain: () => "악보의 옥타브와 실제로 부르는 옥타브가 다를 수 있어요",
  high_end_unknown: (w) => `최고음을 아직 확인하지 못해서 ${w.limit} ± ${w.margin}반음으로 어림했어요`,
  low_end_unknown: (w) => `최저음을 아직 확인하지 못해서 ${w.limit} ± ${w.margin}반음으로 어림했어요`,
  one_take: () => "녹음 하나로 본 음역이에요. 실제로는 더 넓을 수 있어요",
  nothing_low_enough: (w) => `${w.key}키로 낮춰도 가장 가까운 곡이 ${w.note}까지 올라가요. 내 최고음 ${w.limit}보다 ${w.margin}반음 높아요`,
  nothing_high_enough: (w) => `${w.key}키로 올려도 가장 가까운 곡이 ${w.note}까지 내려가요. 내 최저음 ${w.limit}보다 ${w.margin}반음 낮아요`,
  nothing_easy_enough: (w) => `음은 모두 닿지만, 가장 가까운 곡도 편한 음역에 드는 부분이 ${w.share}뿐이에요`,
  nothing_passes_filters: () => "고른 언어와 연대에 맞는 곡이 없어요",
  empty_catalogue: () => "곡 목록이 비어 있어요",
};

const ja: FactSentences = {
  all_comfortable: (w) => `${w.lowNote}から${w.note}まで、すべて楽に出せる音域（${w.lowLimit}〜${w.limit}）に収まります`,
  mostly_comfortable: (w) => `曲の${w.share}が楽に出せる音域に入ります`,
  above_comfortable: (w) =>
    `楽に出せる最高音${w.limit}より高い部分が${w.seconds}秒、一番高い音は${w.note}${w.secondsAtNote ? `（${w.secondsAtNote}秒）` : ""}です`,
  below_comfortable: (w) =>
    `楽に出せる最低音${w.limit}より低い部分が${w.seconds}秒、一番低い音は${w.note}${w.secondsAtNote ? `（${w.secondsAtNote}秒）` : ""}です`,
  above_full: (w) =>
    `一番高い${w.note}は、あなたの最高音${w.limit}より${w.margin}半音高いです${w.seconds ? `（${w.seconds}秒）` : ""}`,
  below_full: (w) =>
    `一番低い${w.note}は、あなたの最低音${w.limit}より${w.margin}半音低いです${w.seconds ? `（${w.seconds}秒）` : ""}`,
  clear_in_key: (w) => `${w.key === "0" ? "原曲キー" : `キー${w.key}`}なら、楽に出せる最高音${w.limit}を超える音はありません`,
  original_key_above: (w) => `原曲キーでは${w.seconds}秒間、楽に出せる最高音${w.limit}を超えます（最高${w.note}）`,
  original_key_below: (w) => `原曲キーでは${w.seconds}秒間、楽に出せる最低音${w.limit}を下回ります（最低${w.note}）`,
  original_top_above: (w) => `原曲キーの最高音${w.note}は、楽に出せる最高音${w.limit}より${w.margin}半音高いです`,
  original_key: () => "原曲キーのままで歌えます",
  octave_shift: (w) => `原曲より1オクターブ${w.octaves > 0 ? "上" : "下"}で歌います`,
  top_comfortable: (w) =>
    w.atLimit
      ? `一番高い${w.note}は、ちょうど楽に出せる最高音です`
      : `一番高い${w.note}は、楽に出せる最高音${w.limit}より${w.margin}半音低いです`,
  top_reachable: (w) =>
    w.atLimit
      ? `一番高い${w.note}は、ちょうどあなたの最高音です`
      : `一番高い${w.note}は楽に出せる音域を超えますが、あなたの最高音${w.limit}より${w.margin}半音低いです`,
  high_end_lowered: (w) => `「難しかった」という曲を踏まえ、楽に出せる最高音を録音より${w.margin}半音低い${w.limit}としています`,
  high_end_raised: (w) => `「歌えた」という曲を踏まえ、楽に出せる最高音を録音より${w.margin}半音高い${w.limit}としています`,
  low_end_raised: (w) => `「難しかった」という曲を踏まえ、楽に出せる最低音を録音より${w.margin}半音高い${w.limit}としています`,
  low_end_lowered: (w) => `「歌えた」という曲を踏まえ、楽に出せる最低音を録音より${w.margin}半音低い${w.limit}としています`,
  top_is_falsetto: (w) => `一番高い${w.note}は、原曲では裏声です`,
  adlib_above: (w) => `コーラスやフェイクは${w.note}まで上がりますが、省いても歌えます`,
  well_known: (w) => (w.chartPeak !== null ? `有名な曲：全米チャート最高${w.chartPeak}位` : `有名な曲：名曲500選の${w.albumRank}位`),
  top_only: (w) => `最高音だけがわかっている曲です（±${w.margin}半音）。ほかは平均的な曲の形で見積もりました`,
  ends_only: (w) => `最高音と最低音だけがわかっている曲です（±${w.margin}半音）。間は平均的な曲の形で見積もりました`,
  octave_uncertain: () => "楽譜のオクターブと実際に歌うオクターブが違うかもしれません",
  high_end_unknown: (w) => `最高音がまだわからないため、${w.limit}±${w.margin}半音と仮定しています`,
  low_end_unknown: (w) => `最低音がまだわからないため、${w.limit}±${w.margin}半音と仮定しています`,
  one_take: () => "1回の録音で確かめた音域です。実際はもっと広いかもしれません",
  nothing_low_enough: (w) => `キー${w.key}まで下げても、一番近い曲が${w.note}まで上がります。あなたの最高音${w.limit}より${w.margin}半音高いです`,
  nothing_high_enough: (w) => `キー${w.key}まで上げても、一番近い曲が${w.note}まで下がります。あなたの最低音${w.limit}より${w.margin}半音低いです`,
  nothing_easy_enough: (w) => `どの曲も音は届きますが、一番近い曲でも楽に出せる音域は${w.share}だけです`,
  nothing_passes_filters: () => "選んだ言語と年代の曲がありません",
  empty_catalogue: () => "曲がまだありません",
};

export const facts = words({ en, ko, ja });
