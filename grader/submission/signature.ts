import { wordsOf } from '../rubric/wording';

/** Words before a colon that say who wrote a file or what it is for, in the languages of many students. */
const labels = new Set(
  `author autor auteur autore by class course curso cours kurs date datum fecha tarih dato date e-mail email mail group
  grupo groupe gruppe github gruppo id lang layout login matrikelnummer matricule name names nom nombre nome naam navn namn
  imię isim ad adı nachname vorname prénom apellido apellidos cognome partner partners section student students
  estudiante étudiant tags team title username имя фамилия дата группа 姓名 名字 日期 学号 班级 氏名 名前 日付 이름 성명
  날짜 학번 الاسم التاريخ שם תאריך नाम दिनांक ชื่อ วันที่ tên ngày`.split(/\s+/),
);

const month =
  '(?:jan|feb|fev|fév|mar|mär|apr|avr|abr|may|mai|mag|jun|jui|giu|jul|lug|aug|aou|aoû|ago|sep|set|oct|okt|out|ott|nov|dec|dez|déc|dic|ene|gen)\\p{L}{0,7}\\.?';
const day = '\\d{1,2}(?:st|nd|rd|th|er|\\.|º)?';
/** 2026-03-04, 4.3.2026, 2026年3月4日, March 4th, 2026, 4 de marzo de 2026. */
const dates = [
  '\\d{4}\\s?[-/.年]\\s?\\d{1,2}\\s?[-/.月]\\s?\\d{1,2}日?',
  '\\d{1,2}[-/.]\\s?\\d{1,2}[-/.]\\s?(?:\\d{4}|\\d{2})',
  `(?<!\\p{L})${month} ${day}(?:,? \\d{4})?`,
  `${day} (?:de |of )?${month}(?:,?(?: de)? \\d{4})?`,
];
const date = new RegExp(`(?:${dates.join('|')})(?![\\d\\p{L}])`, 'giu');
const address = /[\w.+-]{1,64}@[\w-][\w.-]{0,200}/g;

/**
 * Whether a line only says who wrote the file, or when: `Ann Lee` at the top, `Name: Ann Lee`, `4 March 2026`.
 *
 * @param isOnTop whether the line is at the top of the file, where a name needs no label.
 */
export function isSignature(text: string, isOnTop: boolean): boolean {
  // A longer line says more than who wrote the file.
  if (text.length > 100) return false;
  if (isOnTop && isName(text)) return true;
  const rest = text.replace(date, '').replace(address, '');
  if (rest !== text && wordsOf(rest).length < 2) return true;
  const [, lead = '', value] = /^([^:：=]*)[:：=](.*)$/su.exec(rest) ?? [];
  const words = wordsOf(lead);
  return (
    value !== undefined &&
    words.length <= 3 &&
    (isOnTop ? wordsOf(value).length <= 6 : isName(value)) &&
    words.some((word) => labels.has(word.toLowerCase()))
  );
}

/** Whether a line is only one or more names: capitalized words, or a few Chinese or Korean characters. */
function isName(text: string): boolean {
  if (/[?!:;=]/.test(text)) return false;
  const words = wordsOf(text);
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word));
  return (
    /^\P{L}*(?:\p{Script=Han}{2,4}|\p{Script=Hangul}{3,4})\P{L}*$/u.test(text) ||
    (capitals.length > 1 && words.every((word) => partOfName.test(word)))
  );
}

const partOfName =
  /^(?:[\p{Lu}\d].*|al|and|bin|by|da|de|del|den|der|di|dos|du|e|el|et|ibn|la|le|og|och|ter|und|van|ve|von|y|zu)$/u;
