/**
 * @file Opens the backend that a suite's trainer asks for.
 */
import type { Suite } from '../../suite/check-suite.ts'
import type { OpenBaseOptions } from '../open-base.ts'
import type { Backend } from './backend.ts'
import { openEmbeddedBackend } from './embedded-backend.ts'
import { openTrlBackend } from './trl-backend.ts'

/** @throws the errors of finding and opening models, and of the trainer's machine */
export async function openBackend(suite: Suite, options: OpenBaseOptions): Promise<Backend> {
  const { trainer } = suite
  return trainer.name === 'trl' ? openTrlBackend(suite, trainer) : openEmbeddedBackend(suite.base, { ...options, thinking: suite.thinking })
}
