// Calls the proxy with the official @google/genai package.
import { GoogleGenAI } from '@google/genai';
import { apiKey, baseURL, kind, modelOr, run } from './run.mjs';

const model = modelOr('gemini-2.5-flash');
const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseURL } });
const contents = `Hello from npm, ${kind}`;
const config = { tools: [{ functionDeclarations: [{ name: 'lookup', parameters: { type: 'OBJECT', properties: {} } }] }] };

const facts = answer => ({
  text: answer.functionCalls ? undefined : answer.text, tool: answer.functionCalls?.[0].name,
  input: answer.usageMetadata.promptTokenCount, output: answer.usageMetadata.candidatesTokenCount,
});

async function stream(extra) {
  let text = '', tool, last;
  for await (const chunk of await client.models.generateContentStream({ model, contents, ...extra })) {
    tool ??= chunk.functionCalls?.[0].name;
    if (!chunk.functionCalls) text += chunk.text ?? '';
    last = chunk;
  }
  return { ...facts(last), text, tool };
}

await run({
  plain: async () => facts(await client.models.generateContent({ model, contents })),
  stream,
  tools: async () => facts(await client.models.generateContent({ model, contents, config })),
  'tools-stream': () => stream({ config }),
  error: () => client.models.generateContent({ model: 'no-such-model', contents }),
  'too-fast': () => client.models.generateContent({ model, contents: '[sandbox:error=429]' }),
  'stream-error': () => stream({ contents: '[sandbox:stream-error]' }),
  embed: async () => ({ text: String((await client.models.embedContent({ model: 'gemini-embedding-001', contents })).embeddings[0].values.length) }),
  count: async () => ({ input: (await client.models.countTokens({ model, contents })).totalTokens }),
});
