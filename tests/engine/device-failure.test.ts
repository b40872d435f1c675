import { describe, expect, it } from 'vitest'
import { deviceFailure } from '../../src/engine/device-failure.ts'

const failureOf = (message: string): string => deviceFailure('webgpu', new Error(message)).message

describe('deviceFailure()', () => {
  it('says that there is no device where the runtime finds no adapter', () => {
    const found = failureOf(
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n\n',
    )
    expect(found).toMatchInlineSnapshot(`
      "DEVICE_UNAVAILABLE  There is no webgpu device to compute on: Failed to get a WebGPU adapter: No supported adapters
        where  device webgpu
        fix    install the GPU's Vulkan driver (Linux; Metal and Direct3D 12 come with macOS and Windows), or use --device cpu"
    `)
  })

  it('names an operator that has no kernel', () => {
    expect(
      failureOf("[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : Could not find an implementation for CumSum(14) node with name 'CumSum_71'"),
    ).toMatchInlineSnapshot(`
      "DEVICE_OPERATOR_UNSUPPORTED  The webgpu device refused operator CumSum: it has no kernel for it
        where  device webgpu, node CumSum_71
        fix    use --device cpu, and report the operator with the GPU and its driver"
    `)
  })

  it('names the operator and the reason where a node fails', () => {
    expect(
      failureOf(
        "Non-zero status code returned while running MatMul node. Name:'MatMul_3' Status Message: Failed to run program\nbuffer size (1 GiB) exceeds the limit",
      ),
    ).toMatchInlineSnapshot(`
      "DEVICE_OPERATOR_UNSUPPORTED  The webgpu device refused operator MatMul: buffer size (1 GiB) exceeds the limit
        where  device webgpu, node MatMul_3
        fix    use --device cpu, and report the operator with the GPU and its driver"
    `)
  })

  it('passes on what it does not know, without control characters', () => {
    expect(failureOf('/onnxruntime_src/core/x.cc:12 Device \u001b[31mlost')).toMatchInlineSnapshot(`
      "DEVICE_FAILED  The webgpu device failed: Device  [31mlost
        where  device webgpu
        fix    close what else uses the GPU and resume the run, or use a smaller model or --device cpu"
    `)
  })

  it('keeps what the runtime threw as the cause', () => {
    const cause = new Error('Device lost')
    expect(deviceFailure('webgpu', cause).cause).toBe(cause)
  })
})
