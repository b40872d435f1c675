import { openEngineCore } from '../../src/engine/core.ts'
import { engineContract } from '../contracts/engine.contract.ts'

engineContract('openEngineCore()', openEngineCore)
