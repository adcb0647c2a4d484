// Calls the proxy with the official openai package: OpenAI itself, or with kinds that begin with azure Azure OpenAI.
import OpenAI, { AzureOpenAI } from 'openai';
import { apiKey, baseURL, kind, modelOr, run } from './run.mjs';

const model = modelOr('gpt-5-mini');
const client = kind.startsWith('azure')
  ? new AzureOpenAI({ endpoint: baseURL, apiKey, deployment: model, apiVersion: '2024-10-21', maxRetries: 0 })
  : new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: `Hello from npm, ${kind}` }];
const tools = [{ type: 'function', function: { name: 'lookup', parameters: { type: 'object', properties: {} } } }];

async function plain(extra) {
  const { data, response } = await client.chat.completions.create({ model, messages, ...extra }).withResponse();
  const message = data.choices[0].message;
  return {
    text: message.content, tool: message.tool_calls?.[0].function.name, input: data.usage.prompt_tokens, output: data.usage.completion_tokens,
    requestId: response.headers.get('x-governance-request-id'),
  };
}

async function stream(extra) {
  const { data, response } = await client.chat.completions.create({ model, messages, stream: true, ...extra }).withResponse();
  let text = '', tool, chunks = 0, usage;
  for await (const chunk of data) {
    chunks++;
    text += chunk.choices[0]?.delta?.content ?? '';
    tool ??= chunk.choices[0]?.delta?.tool_calls?.[0]?.function?.name;
    usage = chunk.usage ?? usage;
  }
  return { text, tool, chunks, input: usage?.prompt_tokens, output: usage?.completion_tokens, requestId: response.headers.get('x-governance-request-id') };
}

await run({
  plain,
  stream,
  'stream-usage': () => stream({ stream_options: { include_usage: true } }),
  tools: () => plain({ tools }),
  'tools-stream': () => stream({ tools }),
  error: () => client.chat.completions.create({ model: 'no-such-model', messages }),
  'azure-plain': plain,
  'azure-stream': stream,
  'azure-tools': () => plain({ tools }),
  'azure-error': () => plain({ messages: [{ role: 'user', content: '[sandbox:error=429]' }] }),
  'stream-error': () => stream({ messages: [{ role: 'user', content: '[sandbox:stream-error]' }] }),
  responses: async () => {
    const { data, response } = await client.responses.create({ model, input: 'Hello' }).withResponse();
    return { text: data.output_text, input: data.usage.input_tokens, output: data.usage.output_tokens, requestId: response.headers.get('x-governance-request-id') };
  },
  'responses-stream': async () => {
    const { data, response } = await client.responses.create({ model, input: 'Hello', stream: true }).withResponse();
    let text = '', usage;
    for await (const event of data) {
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') usage = event.response.usage;
    }
    return { text, input: usage.input_tokens, output: usage.output_tokens, requestId: response.headers.get('x-governance-request-id') };
  },
  'responses-error': () => client.responses.create({ model: 'no-such-model', input: 'Hello' }),
  embeddings: async () => {
    const { data, response } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] }).withResponse();
    return { text: `${data.data.length} of ${data.data[0].embedding.length}`, input: data.usage.prompt_tokens, output: 0, requestId: response.headers.get('x-governance-request-id') };
  },
  moderations: async () => {
    const { data, response } = await client.moderations.create({ model: 'omni-moderation-latest', input: 'Hello' }).withResponse();
    return { text: String(data.results[0].flagged), requestId: response.headers.get('x-governance-request-id') };
  },
  models: async () => ({ text: (await client.models.list()).data.map(({ id }) => id).join(' ') }),
});
