/**
 * @file The word lists that the synthetic text is made of. Every word is common enough in the corpus to become one token, and the lists are
 * short on purpose: the model learns to copy and combine words, not to know many.
 */

const split = (text: string): readonly string[] => text.trim().split(/\s+/)

export const FIRST_NAMES: readonly string[] = split(`
  Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karin Leo Maria Nils Olga Paul Rosa Sam Tina Victor Wanda Yusuf Zoe Adam
  Bella Carl Diana Erik Fiona Georg Helen Ivan Julia Kurt Laura Max Nora Oscar Petra Quentin Ruth Simon Tara Uwe Vera Walter`)

export const LAST_NAMES: readonly string[] = split(`
  Berg Holm Lind Falk Stone Moore Baker Young Klein Weber Wolf Adler Costa Silva Rossi Bruno Novak Marek Patel Khan Singh Tanaka
  Sato Kim Park Chen Wong Reed Hayes Price Grant Ford Boyd Cole Dean Ellis Frost Hale Irwin Jensen Kaya Larsen Meyer Nolan Okoye Quinn`)

export const DRUGS: readonly string[] = split(`
  metformin aspirin ibuprofen insulin lisinopril omeprazole atenolol warfarin codeine digoxin prozac zoloft lipitor xanax ramipril
  naproxen penicillin amoxicillin prednisone sertraline cetirizine losartan tramadol morphine`)

/** Strengths in milligrams in which every drug of this clinic comes. */
export const STRENGTHS_MG: readonly number[] = [5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500]

export const NOUNS: readonly string[] = split(`
  lamp chair table book pen cup plate spoon knife clock phone radio piano guitar drum ball kite rope box bag hat coat shoe shirt ring
  key lock door window wall roof bridge road river lake moon star cloud tree leaf rose seed stone horse dog cat wolf fox bear lion mouse
  duck fish frog apple pear plum grape lemon bread cheese soup cake rice egg nut`)

export const ANIMALS: readonly string[] = split('horse dog cat wolf fox bear lion mouse duck fish frog')
export const FOODS: readonly string[] = split('apple pear plum grape lemon bread cheese soup cake rice egg nut')
export const TOOLS: readonly string[] = split('spoon knife rope lamp clock radio phone key lock pen')
export const CLOTHES: readonly string[] = split('hat coat shoe shirt ring')

export const COLORS: readonly string[] = split('red blue green black white yellow brown pink gray gold')
export const SIZES: readonly string[] = split('small large tiny huge long short wide narrow')
export const CITIES: readonly string[] = split(
  'Rome Paris Oslo Berlin Madrid Vienna London Dublin Prague Athens Lisbon Cairo Tokyo Delhi Lima Boston',
)
export const EVENTS: readonly string[] = split('concert dinner lunch meeting party game class show train flight lesson race')
export const CONTAINERS: readonly (readonly [string, string])[] = [
  ['box', 'boxes'],
  ['bag', 'bags'],
  ['crate', 'crates'],
  ['shelf', 'shelves'],
  ['cart', 'carts'],
  ['room', 'rooms'],
]
export const GOODS: readonly string[] = split(
  'pens cups plates books nuts eggs apples pears lemons balls keys hats shoes shirts rings seeds',
)

export const OPPOSITES: readonly (readonly [string, string])[] = [
  ['hot', 'cold'],
  ['big', 'small'],
  ['long', 'short'],
  ['up', 'down'],
  ['left', 'right'],
  ['day', 'night'],
  ['fast', 'slow'],
  ['old', 'new'],
  ['wet', 'dry'],
  ['open', 'closed'],
  ['full', 'empty'],
  ['light', 'dark'],
  ['happy', 'sad'],
  ['hard', 'soft'],
  ['loud', 'quiet'],
  ['rich', 'poor'],
  ['early', 'late'],
  ['first', 'last'],
  ['high', 'low'],
  ['wide', 'narrow'],
]
export const GOOD_WORDS: readonly string[] = split('great lovely superb perfect excellent delightful wonderful nice')
export const BAD_WORDS: readonly string[] = split('awful terrible horrible poor dreadful broken ugly nasty')
