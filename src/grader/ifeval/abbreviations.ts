/**
 * @file English words whose period need not end a sentence, and words that begin one after them.
 */

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** A name follows. */
export const TITLES = set('mr mrs ms dr prof gen sen rep lt col capt sgt maj cmdr adm rev hon gov pres messrs mme mlle st mt')

/** Only before a number. */
export const BEFORE_NUMBERS = set('no nos fig figs vol vols pp ch sec art eq')

/** No sentence ends after these unless what follows begins one. */
export const ABBREVIATIONS = set(
  'jr sr vs etc inc ltd co corp cos bros dept est approx cf al esp viz ca ave blvd rd univ assn jan feb apr aug sep sept oct nov dec tue tues thu thur thurs fri mon calif ariz colo conn fla ga kan ky mich minn nev okla tenn va vt wis ft yr yrs hr hrs min mg km lb lbs oz ph.d m.d b.a m.a d.c u.s u.k u.n e.g i.e a.m p.m a.d b.c w.va',
)

/** Words that begin sentences: they stand before a verb or join sentences, and in a capital they are no names. */
export const STARTERS = set(
  "the this that these those there here it its he she we they you i his her their our your my it's he's she's that's there's i'm i'll i've we're we'll you're they're a an and but or nor so yet for if when while where what who why how which whose as at by from in into of on to with without under over after before since until although though because however moreover furthermore nevertheless nonetheless meanwhile similarly separately indeed instead thus therefore hence then now later finally first second third next also additionally according despite among most many some all both each every few several other others another such even only just still no not yes please let do don't does did is are was were will would can could should may might have has had get make keep remember consider take use try see look think know note be don one two three once during through about every everyone nothing something everything let's people",
)
