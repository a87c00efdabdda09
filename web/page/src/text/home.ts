import { words } from "./words";

export const home = words({
  en: {
    headline: "The song you like and the song you can sing are different songs.",
    lead: "Sing once. Orakgarak hears your range and the colour of your voice, and answers with songs that you can sing, each in the key that suits you, and why.",
    start: "Start singing",
    already: "My songs",
    noAccount: "No account. About a minute.",
    steps: [
      { title: "Sing", what: "Note by note down and up, or a song of your own. You see every pitch as you sing it." },
      { title: "See your voice", what: "Your lowest and highest note with the moment that proves it, and where your voice is at home." },
      { title: "Get songs", what: "With key, fit and reason, and the number to type into the karaoke machine." },
    ],
    device: "Rather send nothing? Everything works on this device alone, too.",
    deviceWay: "Stay on this device",
    deviceOn: "On this device: nothing is sent.",
    deviceOff: "Use the server again",
  },
  ko: {
    headline: "좋아하는 노래와 부를 수 있는 노래는 달라요.",
    lead: "한 번만 불러 보세요. 오락가락이 음역과 음색을 듣고, 부를 수 있는 노래를 어울리는 키와 이유까지 함께 알려 드려요.",
    start: "불러 보기",
    already: "내 노래 보기",
    noAccount: "가입 없이, 1분이면 돼요.",
    steps: [
      { title: "부르고", what: "한 음씩 아래로 위로, 아니면 좋아하는 노래를. 부르는 음높이가 바로 보여요." },
      { title: "내 목소리를 보고", what: "최저음과 최고음을 그 순간의 소리와 함께, 편하게 부르는 곳까지 알려 드려요." },
      { title: "노래를 고르고", what: "키와 어울림, 이유, 그리고 노래방에서 누를 번호까지." },
    ],
    device: "아무것도 보내고 싶지 않다면, 이 기기 안에서만 할 수도 있어요.",
    deviceWay: "이 기기에서만 하기",
    deviceOn: "이 기기에서만: 아무것도 보내지 않아요.",
    deviceOff: "다시 서버 쓰기",
  },
  ja: {
    headline: "好きな曲と、歌える曲は違います。",
    lead: "一度歌うだけ。オラッカラクが音域と声の色を聞き取り、あなたが歌える曲を、合うキーと理由つきでお答えします。",
    start: "歌ってみる",
    already: "わたしの曲",
    noAccount: "登録なし、1分ほど。",
    steps: [
      { title: "歌う", what: "ひとつずつ下へ上へ、または好きな曲を。歌っている音の高さがその場で見えます。" },
      { title: "声を知る", what: "最低音と最高音を、その瞬間の音とともに。声がいちばん楽な場所もわかります。" },
      { title: "曲に出会う", what: "キーと合い具合と理由、そしてカラオケで入れる番号まで。" },
    ],
    device: "何も送りたくないときは、この端末の中だけでもできます。",
    deviceWay: "この端末だけで使う",
    deviceOn: "この端末だけ：何も送りません。",
    deviceOff: "サーバーを使う",
  },
});
