// What a report says of a voice, by the codes of src/voice: why an end was declined (range.h), the voice's
// colour (timbre.h). How the recording went is in capture.ts.
import { words } from "./words";

const en = {
  declined: {
    too_little_singing: "Too little steady singing. Hold notes for half a second or more, and sing for ten seconds.",
    second_voice: "Another voice or an instrument sounds beside yours. Sing without a backing, or wear headphones.",
    noise: "The noise around covers the voice. Move nearer to the microphone or to a quieter place.",
    methods_disagree: "Two ways to measure this pitch disagree on its octave. Sing that note again, longer.",
    not_singing: "This is no singing, so there is no range to tell. Sing alone, for ten seconds or more.",
    unknown: "It could not be told. Sing that note again, longer.",
  },
  colour: {
    bright: "bright",
    dark: "dark",
    ringing: "ringing",
    warm: "warm",
    clear: "clear",
    breathy: "breathy",
    firm: "firm",
    soft: "soft",
    steady: "steady",
    vibrant: "with vibrato",
  },
  measure: {
    spectral_centroid_hz: "balance of highs and lows",
    spectral_tilt_db_per_octave: "strength of the overtones",
    harmonic_to_noise_db: "tone over breath",
    cepstral_peak_prominence_db: "clarity of tone",
    h1_h2_db: "closure of the vocal folds",
    vibrato_rate_hz: "speed of the vibrato",
    vibrato_extent_cents: "width of the vibrato",
    instability_cents: "steadiness of held notes",
  },
};

export const voice = words({
  en,
  ko: {
    declined: {
      too_little_singing: "길게 뻗은 소리가 모자라요. 한 음을 0.5초 이상 끌면서 10초 넘게 불러 주세요.",
      second_voice: "다른 목소리나 악기 소리가 함께 들려요. 반주 없이 부르거나 이어폰을 써 주세요.",
      noise: "주변 소음에 목소리가 묻혀요. 마이크에 다가가거나 조용한 곳에서 불러 주세요.",
      methods_disagree: "두 가지 방법으로 잰 옥타브가 서로 달라요. 그 음을 더 길게 다시 불러 주세요.",
      not_singing: "노래로 들리지 않아 음역을 알 수 없어요. 혼자서 10초 이상 불러 주세요.",
      unknown: "알아내지 못했어요. 그 음을 더 길게 다시 불러 주세요.",
    },
    colour: {
      bright: "밝은",
      dark: "어두운",
      ringing: "쨍한",
      warm: "따뜻한",
      clear: "맑은",
      breathy: "숨소리가 섞인",
      firm: "단단한",
      soft: "부드러운",
      steady: "흔들림 없는",
      vibrant: "비브라토가 있는",
    },
    measure: {
      spectral_centroid_hz: "고음과 저음 성분의 균형",
      spectral_tilt_db_per_octave: "배음의 세기",
      harmonic_to_noise_db: "숨소리 대비 목소리",
      cepstral_peak_prominence_db: "소리의 맑기",
      h1_h2_db: "성대가 붙는 정도",
      vibrato_rate_hz: "비브라토 빠르기",
      vibrato_extent_cents: "비브라토 폭",
      instability_cents: "긴 음의 안정감",
    },
  },
  ja: {
    declined: {
      too_little_singing: "のばした音が足りません。1つの音を0.5秒以上のばしながら、10秒以上歌ってください。",
      second_voice: "ほかの声や楽器が一緒に聞こえます。伴奏なしで歌うか、ヘッドホンを使ってください。",
      noise: "まわりの音に声が埋もれています。マイクに近づくか、静かな場所で歌ってください。",
      methods_disagree: "2つの方法で測ったオクターブが一致しません。その音をもう一度、長めに歌ってください。",
      not_singing: "歌として聞き取れないため、音域がわかりません。一人で10秒以上歌ってください。",
      unknown: "わかりませんでした。その音をもう一度、長めに歌ってください。",
    },
    colour: {
      bright: "明るい",
      dark: "暗めの",
      ringing: "よく響く",
      warm: "あたたかい",
      clear: "澄んだ",
      breathy: "息まじりの",
      firm: "芯のある",
      soft: "やわらかい",
      steady: "安定した",
      vibrant: "ビブラートのある",
    },
    measure: {
      spectral_centroid_hz: "高域と低域のバランス",
      spectral_tilt_db_per_octave: "倍音の強さ",
      harmonic_to_noise_db: "息に対する声の強さ",
      cepstral_peak_prominence_db: "声の澄み具合",
      h1_h2_db: "声帯の閉じ具合",
      vibrato_rate_hz: "ビブラートの速さ",
      vibrato_extent_cents: "ビブラートの幅",
      instability_cents: "ロングトーンの安定",
    },
  },
});

export type DeclineCode = keyof typeof en.declined;
export type ColourWord = keyof typeof en.colour;
export type MeasureName = keyof typeof en.measure;
