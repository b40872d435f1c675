/**
 * @file The driver that tests of the WebGPU device run on: the one that VK_ICD_FILENAMES names, or SwiftShader (software, ships with chromium).
 * Importing it names the driver to the process, which must happen before the runtime first looks for one.
 */
import { existsSync } from 'node:fs'

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(SWIFTSHADER)) process.env['VK_ICD_FILENAMES'] = SWIFTSHADER

/** Whether there is a driver to test on. */
export const HAS_VULKAN_DRIVER = existsSync(process.env['VK_ICD_FILENAMES'] ?? '')

if (!HAS_VULKAN_DRIVER)
  console.warn('webgpu tests are skipped: no Vulkan driver (apt-get install chromium libvulkan1, or name one in VK_ICD_FILENAMES)')
