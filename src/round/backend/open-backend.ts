/**
 * @file Opens the backend that a suite's trainer asks for.
 */
import type { Suite } from '../../suite/checked-suite.ts'
import { TrainerDeviceError } from '../errors.ts'
import type { OpenBaseOptions } from '../open-base.ts'
import type { Backend } from './backend.ts'
import { openEmbeddedBackend } from './embedded-backend.ts'
import { openTrlBackend } from './trl-backend.ts'

/** @throws the errors of finding and opening models, and of the trainer's machine */
export async function openBackend(suite: Suite, options: OpenBaseOptions): Promise<Backend> {
  const { trainer } = suite
  if (trainer.name === 'trl' && options.device !== undefined)
    throw new TrainerDeviceError(
      '--device',
      '--device names a device of the embedded engine',
      'write device in trl({ … }), or add --trainer embedded',
    )
  if (trainer.name === 'embedded') return openEmbeddedBackend(suite.base, { ...options, thinking: suite.thinking })
  return openTrlBackend(suite, options.threads === undefined ? trainer : { ...trainer, threads: options.threads })
}
