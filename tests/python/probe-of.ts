/**
 * @file Probes of machines that tests do not run on, as `probeHost` would answer there.
 */
import { TrainerNotSetUpError, onHost } from '../../src/python/errors.ts'
import type { PythonProbe, TorchProbe } from '../../src/python/probe-python.ts'
import type { HostProbe } from '../../src/python/probe.ts'

const local = { name: 'this machine', isLocal: true }

/** A machine with two cores and Python 3.12, where nothing is set up. */
export function bareProbe(host: HostProbe['host'] = local): HostProbe {
  const folder = '/home/ada/.cache/holdfast/trainer'
  return {
    host,
    folder,
    survey: {
      system: 'Linux x86_64',
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      freeDiskBytes: 80.7e9,
      uv: null,
      ssh: 'OpenSSH_9.2p1',
      nvidiaDriver: null,
      pythons: [],
    },
    python: { version: '3.12.9', path: '/usr/bin/python3.12', hasVenv: true },
    environment: new TrainerNotSetUpError({ ...onHost(host), folder }),
    inside: null,
  }
}

/** The same machine with a set-up environment for the CPU. */
export function readyProbe(torch: Partial<TorchProbe> = {}, packages: PythonProbe['packages'] = {}): HostProbe {
  const python = '/home/ada/.cache/holdfast/trainer/0a1b/venv/bin/python'
  return {
    ...bareProbe(),
    environment: { python, source: 'set-up', variant: 'cpu', extras: [], differences: [] },
    inside: {
      python: '3.12.9',
      executable: python,
      packages: { torch: '2.13.0+cpu', trl: '1.16.0', vllm: null, bitsandbytes: null, ...packages },
      torch: { error: null, cudaVersion: null, devices: [], ...torch },
    },
  }
}

/** A machine with one card, set up for it with both extras, behind ssh. */
export function cudaProbe(): HostProbe {
  const device = { name: 'NVIDIA RTX 4090', totalBytes: 25.4e9, freeBytes: 24.9e9, computeCapability: '8.9', bf16: true }
  const ready = readyProbe({ cudaVersion: '13.0', devices: [device] }, { torch: '2.13.0', vllm: '0.30.0', bitsandbytes: '0.50.2' })
  const environment = {
    python: '/home/ada/venv/bin/python',
    source: 'set-up' as const,
    variant: 'cuda' as const,
    extras: [],
    differences: [],
  }
  return withDriver({ ...ready, environment, host: { name: 'ada@gpu1', isLocal: false } })
}

/** The machine of a probe with NVIDIA's driver. */
export function withDriver(probe: HostProbe): HostProbe {
  return { ...probe, survey: { ...probe.survey, nvidiaDriver: '580.65.06' } }
}
