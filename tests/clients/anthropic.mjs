// Calls the proxy with the official @anthropic-ai/sdk package.
import Anthropic from '@anthropic-ai/sdk';
import { apiKey, baseURL, kind, modelOr, run } from './run.mjs';

const model = modelOr('claude-haiku-4-5');
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const request = { model, max_tokens: 100, messages: [{ role: 'user', content: `Hello from npm, ${kind}` }] };
const tools = [{ name: 'lookup', input_schema: { type: 'object', properties: {} } }];

async function plain(extra) {
  const { data, response } = await client.messages.create({ ...request, ...extra }).withResponse();
  return {
    text: data.content[0].text, tool: data.content[0].name, input: data.usage.input_tokens, output: data.usage.output_tokens,
    requestId: response.headers.get('x-governance-request-id'),
  };
}

async function stream(extra) {
  const stream = client.messages.stream({ ...request, ...extra });
  const { response } = await stream.withResponse();
  const data = await stream.finalMessage();
  return {
    text: data.content[0].text, tool: data.content[0].name, input: data.usage.input_tokens, output: data.usage.output_tokens,
    requestId: response.headers.get('x-governance-request-id'),
  };
}

const saying = content => ({ messages: [{ role: 'user', content }] });
await run({
  plain,
  stream,
  tools: () => plain({ tools }),
  'tools-stream': () => stream({ tools }),
  error: () => plain({ model: 'no-such-model' }),
  overloaded: () => plain(saying('[sandbox:error=529]')),
  'stream-error': () => stream(saying('[sandbox:stream-error]')),
  count: async () => ({ input: (await client.messages.countTokens({ model, messages: request.messages })).input_tokens }),
  models: async () => ({ text: (await client.models.list()).data.map(({ id }) => id).join(' ') }),
});
