/**
 * @file Reads the cases from the page: JSON as it stands, or deflated and base64. Shapes are those of data.ts.
 */

/**
 * @typedef {{ pass: string, output: number[], trace: number[] }} PackedGrades
 * @typedef {{ round: string | null, arm: string | null, role: string | null, outcome: string | null, counted: number[], parent: number | null }} PackedModel
 * @typedef {{ eval: number[], purpose: number[], id: number[], repeat: number[], tagSet: number[], messages: number[][], gold: number[] }} PackedItems
 * @typedef {{ purposes: string[], evals: string[], tags: string[], tagSets: number[][], models: PackedModel[], items: PackedItems, grades: PackedGrades[], strings: string[] }} CasePayload
 */

/** @param {HTMLElement} element @returns {Promise<CasePayload>} */
export async function readPayload(element) {
  const text = element.textContent ?? ''
  if (element.dataset['encoding'] !== 'deflate-raw') return JSON.parse(text)
  const inflated = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(inflated).text())
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(base64) {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
