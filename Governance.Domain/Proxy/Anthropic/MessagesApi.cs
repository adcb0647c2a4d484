using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>Messages (platform.claude.com/docs/en/api/messages).</summary>
public sealed class MessagesApi : JsonRequestApi
{
    public override string Scope => ProxyApis.Messages;

    public override ErrorShape Errors => AnthropicErrors.Instance;

    public override AnswerReader NewReader() => new MessagesReader();

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target) =>
        MessagesRequest.Read(ref reader, needsMaxTokens: true);
}
