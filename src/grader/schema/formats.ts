/**
 * @file The formats of JSON Schema that are checked, each in time linear in the text. Formats of other alphabets (idn-email, iri) and templates are
 * refused by name: a check that is half right would pass what is wrong.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { domainToUnicode } from 'node:url'
import { isCalendarDay } from '../quantity/calendar-day.ts'
import { SchemaProblem } from './schema-set.ts'

/** Whether a format is known. */
export function hasFormat(name: string): boolean {
  return Object.hasOwn(FORMATS, name)
}

/** The check of a format. @throws SchemaProblem for one that is not known */
export function formatCheck(name: string): (text: string) => boolean {
  const check = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined
  if (check === undefined)
    throw new SchemaProblem(`the format ${name} is none of ${Object.keys(FORMATS).join(', ')}; formats: 'annotation' checks none`)
  return check
}

const matches = (pattern: RegExp): ((text: string) => boolean) => {
  return (text) => pattern.test(text)
}

const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i

function isTime(text: string): boolean {
  const parts = TIME.exec(text)
  if (parts === null) return false
  const [hour, minute, second, sign, offsetHour, offsetMinute] = [1, 2, 3, 4, 5, 6].map((at) =>
    at === 4 ? (parts[4] === '-' ? -1 : 1) : Number(parts[at] ?? 0),
  )
  const [h, m, s, direction, oh, om] = [hour, minute, second, sign, offsetHour, offsetMinute] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (h > 23 || m > 59 || s > 60 || oh > 23 || om > 59) return false
  // A leap second comes at the end of a day in UTC.
  return s < 60 || (h * 60 + m - direction * (oh * 60 + om) + 2880) % 1440 === 1439
}

function isDateTime(text: string): boolean {
  return /^t$/i.test(text[10] ?? '') && isCalendarDay(text.slice(0, 10)) && isTime(text.slice(11))
}

const DURATION =
  /^P(?=[\dT])(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?=\d)(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isLabel)
}

function isLabel(label: string): boolean {
  if (label.length > 63 || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label)) return false
  if (!label.startsWith('--', 2)) return true
  // Two hyphens there are kept for names of other alphabets, which must say one.
  const shown = /^xn--/i.test(label) ? domainToUnicode(label.toLowerCase()) : ''
  return shown !== '' && /[^ -~]/.test(shown)
}

const LOCAL_PART = /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[ !#-[\]-~]|\\[ -~])*")$/

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || local.length > 64 || !LOCAL_PART.test(local)) return false
  if (!domain.startsWith('[') || !domain.endsWith(']')) return isHostname(domain)
  const address = domain.slice(1, -1)
  return /^IPv6:/i.test(address) ? isAddress6(address.slice(5)) : isIPv4(address)
}

function isAddress6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

// RFC 3986, by its parts: scheme, authority, path, query, fragment.
const URI_PARTS = /^(?:([^:/?#]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s
const PATH = /^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*$/i
const QUERY = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*$/i
const USER = /^(?:[\w.~!$&'()*+,;=:-]|%[0-9a-f]{2})*$/i
const HOST = /^(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*$/i

function isUriReference(text: string): boolean {
  const parts = URI_PARTS.exec(text)
  if (parts === null) return false
  const [, scheme, authority, path = '', query = '', fragment = ''] = parts
  if (scheme !== undefined && !/^[a-z][a-z0-9+.-]*$/i.test(scheme)) return false
  return (
    PATH.test(path) &&
    QUERY.test(query) &&
    QUERY.test(fragment) &&
    (authority === undefined ? !path.startsWith('//') : isAuthority(authority))
  )
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? []
  if (!/^\d*$/.test(port) || !USER.test(authority.slice(0, Math.max(at, 0)))) return false
  if (!host.startsWith('[')) return HOST.test(host)
  return isAddress6(host.slice(1, -1)) || /^\[v[0-9a-f]+\.[\w.~!$&'()*+,;=:-]+\]$/i.test(host)
}

function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && isUriReference(text)
}

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/

function isPattern(text: string): boolean {
  try {
    // Never run: only whether it is one.
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isCalendarDay,
  time: isTime,
  'date-time': isDateTime,
  duration: matches(DURATION),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: isAddress6,
  uri: isUri,
  'uri-reference': isUriReference,
  uuid: matches(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i),
  'json-pointer': matches(POINTER),
  'relative-json-pointer': (text) => /^(?:0|[1-9]\d*)(?:#$|\/|$)/.test(text) && POINTER.test(text.replace(/^\d+#?/, '')),
  regex: isPattern,
}
