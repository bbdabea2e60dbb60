// The words of a language, as the app has them: a test asks for what is said by its English.
import { readFileSync } from "node:fs";

type Forms = Record<string, string>;
type Words = Record<string, string | Forms>;

/** What a language says, by the English: `say("Sign in")`, `say("{name} joined", { name: "Ada" })`. */
export type Say = (english: string, gaps?: Record<string, string>) => string;

const read = (language: string) => JSON.parse(readFileSync(`words/${language}.json`, "utf8"));

/** The languages that are not in the code. */
export const languages = ["de", "es", "ja", "ar"] as const;

export function say(language: (typeof languages)[number]): Say {
  const words: Words = read(language);
  return (english, gaps = {}) => {
    const message = words[english];
    if (message === undefined) throw new Error(`words/${language}.json has nothing for “${english}”`);
    const number = Number(gaps.count);
    const text = typeof message === "string" ? message : message[new Intl.PluralRules(language).select(number)]!;
    // Names keep their direction where the text goes the other way (crates/words).
    const around = (value: string) => (language === "ar" ? `\u2068${value}\u2069` : value);
    return text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => (name in gaps ? around(gaps[name]!) : gap));
  };
}

/** A language in which each sentence stands in ⟦brackets⟧: what has none was said past the words. */
export function bracketed(): { words: string; say: Say } {
  const english: Record<string, { one?: string }> = read("en");
  const words: Words = {};
  for (const [text, { one }] of Object.entries(english)) {
    words[text] = one === undefined ? `⟦${text}⟧` : { one: `⟦${one}⟧`, other: `⟦${text}⟧` };
  }
  const say: Say = (text, gaps = {}) => `⟦${text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => gaps[name] ?? gap)}⟧`;
  return { words: JSON.stringify(words), say };
}
