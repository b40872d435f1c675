import { modelContract } from '../contracts/model.contract.ts'
import { scriptedModel } from './scripted-model.ts'

modelContract('scriptedModel', () => Promise.resolve(scriptedModel((question, random) => `${question.length}:${Math.floor(random * 10)}`)))
