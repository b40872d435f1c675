/** @file The suite that cannot run. PROJECT_CHANGE changes one thing of it. */
import { noBase } from '../no-base.ts'
import type { Change } from '../no-base.ts'

export default noBase((process.env['PROJECT_CHANGE'] ?? 'nothing') as Change)
