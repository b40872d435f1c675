/**
 * @file The one moment that chat templates are told it is. A template that writes today's date would make other prompts every day, and with them other
 * grades: a run resumed after midnight would be another run.
 */

/** In UTC. It is the date that Llama 3's templates fall back to themselves. */
export const TEMPLATE_CLOCK = '2024-07-26T12:00:00Z'
/** `date_string`, the variable of templates that ask for no format. */
export const TEMPLATE_DATE = '26 Jul 2024'

const MOMENT = new Date(TEMPLATE_CLOCK)
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

const day = DAYS[MOMENT.getUTCDay()] as string
const month = MONTHS[MOMENT.getUTCMonth()] as string
const two = (value: number): string => String(value).padStart(2, '0')
const dayOfYear = Math.floor((MOMENT.getTime() - Date.UTC(MOMENT.getUTCFullYear(), 0, 1)) / 86_400_000) + 1

/** Directives of Python's strftime in the C locale. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  a: day.slice(0, 3),
  A: day,
  b: month.slice(0, 3),
  B: month,
  c: 'Fri Jul 26 12:00:00 2024',
  d: two(MOMENT.getUTCDate()),
  D: '07/26/24',
  e: String(MOMENT.getUTCDate()).padStart(2),
  f: '000000',
  F: '2024-07-26',
  h: month.slice(0, 3),
  H: two(MOMENT.getUTCHours()),
  I: '12',
  j: String(dayOfYear).padStart(3, '0'),
  m: two(MOMENT.getUTCMonth() + 1),
  M: two(MOMENT.getUTCMinutes()),
  p: 'PM',
  s: String(MOMENT.getTime() / 1000),
  S: two(MOMENT.getUTCSeconds()),
  T: '12:00:00',
  u: String(MOMENT.getUTCDay()),
  w: String(MOMENT.getUTCDay()),
  x: '07/26/24',
  X: '12:00:00',
  y: '24',
  Y: String(MOMENT.getUTCFullYear()),
  z: '',
  Z: '',
  '%': '%',
}

/**
 * The moment in a format of Python's strftime; `%-d` and its like are without the zero in front, as on Linux. Unknown directives stay as they are.
 * It stands in for the function `strftime_now` that transformers gives to templates.
 */
export function strftimeAtClock(format: string): string {
  return format.replaceAll(/%(-?)(.)/gs, (written, dash: string, letter: string) => {
    const text = DIRECTIVES[letter]
    if (text === undefined) return written
    return dash === '' ? text : text.replace(/^[0 ]+(?=\d)/, '')
  })
}
