import { openEngine } from './src/engine/client.ts'
import { openTokenizer } from './src/engine/tokenizer/tokenizer.ts'
const dir='/work/shared/models/nano-spike'
const e = await openEngine(dir, {threads:2}); const tok = openTokenizer(dir)
console.log(e.model)
const lora = await e.createLora({rank:8,alpha:16,targets:['q_proj','v_proj'],seed:1})
const p = tok.renderChat([{role:'user',content:'Add 12 and 5.'}],{addGenerationPrompt:true}).ids
const full = await e.createFull()
for (const w of [null, lora, full]) { const g = await e.generate({weights:w,prompts:[{ids:p,seeds:[1,2,3]}],sampling:{temperature:1,topK:0,topP:1,maxNewTokens:20}},(x)=>console.log(x)); console.log(g[0]!.map(c=>tok.decode(c.ids)+'|'+c.finish+'|'+c.logProbs[0])) }
const g=(await e.generate({weights:null,prompts:[{ids:p,seeds:[1]}],sampling:{temperature:1,topK:0,topP:1,maxNewTokens:20}}))[0]![0]!
const ids=Int32Array.from([...p,...g.ids]); const s=await e.score({weights:null,sequences:[{ids,promptLength:p.length}],outputs:['logProb','entropy']}); console.log(g.logProbs,s)
await e.generate({weights:'x',prompts:[],sampling:{temperature:1,topK:0,topP:1,maxNewTokens:20}}).catch(x=>console.log(x.message))
await e.saveAdapter(lora,'/tmp/ours'); await e.saveModel(lora,'/tmp/ours-model'); await e.loadAdapter('/tmp/peft/a').then(async id=>{const g=await e.generate({weights:id,prompts:[{ids:p,seeds:[1]}],sampling:{temperature:0,topK:0,topP:1,maxNewTokens:20}});console.log([...g[0]![0]!.ids],[...p])})
await e.close(); await e.step(lora,{} as any).catch(x=>console.log(x.message))
