using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>The list of models, and one of them (platform.openai.com/docs/api-reference/models).</summary>
public sealed class ModelsApi : ProviderApi
{
    public override string Scope => ProxyApis.Models;

    public override ErrorShape Errors => OpenAiErrors.Instance;

    public override bool Free => true;

    public override AnswerReader NewReader() => new PlainReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => null;

    public override (CallRequest? Request, ProxyError? Error) ReadRequest(ReadOnlySpan<byte> body, string? target) =>
        target is not null && RequestFields.CheckModel(target) is { } wrong ? (null, wrong) : (new CallRequest(target), null);
}
