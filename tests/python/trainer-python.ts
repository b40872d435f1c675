/**
 * @file The Python environment that tests of the real trainer use: HOLDFAST_PYTHON, else the one that was set up on this machine.
 */
import { createLocalHost } from '../../src/host/local-host.ts'
import { findEnvironment } from '../../src/python/environment.ts'
import { choosePython, surveyHost } from '../../src/python/survey-host.ts'

/** The Python program of the environment; null, with one line that says so, when there is none. A HOLDFAST_PYTHON that cannot be used is an error. */
export async function findTrainerPython(): Promise<string | null> {
  try {
    return (await findEnvironment(createLocalHost())).python
  } catch (error) {
    if ((process.env['HOLDFAST_PYTHON'] ?? '') !== '') throw error
    console.log('skipped: no Python environment of the trainer; set HOLDFAST_PYTHON or run: npx holdfast trainer setup')
    return null
  }
}

/** Any Python that an environment could be made with; null when this machine has none. */
export async function findPlainPython(): Promise<string | null> {
  const host = createLocalHost()
  try {
    return choosePython(host, await surveyHost(host)).path
  } catch {
    console.log('skipped: no Python 3.11 to 3.13 with venv on this machine')
    return null
  }
}
