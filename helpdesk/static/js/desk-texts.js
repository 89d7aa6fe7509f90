// Counts into how many parts a short message is cut, as channels/segments.py does, while it is written.

const box = document.getElementById("ways");
const shown = document.getElementById("parts");
const words = document.getElementById("text");
const by = document.getElementById("by");

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

const filled = (widths, room) => {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
};

export const count = (text) => {
  const letters = [...text];
  const wide = !letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter));
  const widths = letters.map((letter) => (wide ? letter.length : EXTENDED.has(letter) ? 2 : 1));
  const places = widths.reduce((sum, width) => sum + width, 0);
  const [one, each] = wide ? [70, 67] : [160, 153];
  if (places <= one) return { parts: letters.length ? 1 : 0, places, room: one };
  const parts = filled(widths, each);
  return { parts, places, room: parts * each };
};

const show = () => {
  const found = count(words.value.trim());
  const letter = by && by.value === "email";
  const over = found.parts > Number(box.dataset.most);
  const told = box.dataset.told.replace(/\{(\w+)\}/g, (_, name) => found[name]);
  shown.textContent = letter || !found.parts ? "" : over ? `${told}. ${box.dataset.over}` : told;
  shown.classList.toggle("error", over && !letter);
};

if (box && shown && words) {
  words.addEventListener("input", show);
  by?.addEventListener("change", show);
  show();
}
