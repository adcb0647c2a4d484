using System.Diagnostics;
using Governance.Domain.Audit;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Proxy;

/// <summary>The span of a proxied call, by OpenTelemetry's conventions for generative AI. It says nothing of what was asked or answered.</summary>
internal static class CallSpan
{
    private static readonly ActivitySource Source = new(ProxyMetrics.Source);

    /// <summary>Begins when the call goes to its provider; none if nobody listens.</summary>
    public static Activity? Start(CallDraft call)
    {
        var operation = GenAiNames.OperationOf(call.Match!.Api.Scope);
        var span = Source.StartActivity(call.Model is { } named ? $"{operation} {named}" : operation, ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", operation)
            .SetTag("gen_ai.provider.name", GenAiNames.ProviderOf(call.Connection!.Provider))
            .SetTag("gen_ai.request.model", call.Model)
            .SetTag("gen_ai.request.max_tokens", call.Request!.MaxOutputTokens)
            .SetTag("governance.request.id", Domain.PublicId.Format(Domain.PublicId.Request, call.Id));
        return span;
    }

    public static void End(Activity? span, CallResult result)
    {
        if (span is null) return;
        span.SetTag("gen_ai.response.model", result.ActualModel)
            .SetTag("gen_ai.usage.input_tokens", result.Usage.Prompt)
            .SetTag("gen_ai.usage.output_tokens", result.Usage.Completion)
            .SetTag("gen_ai.usage.cache_read.input_tokens", result.Usage.CachedInput)
            .SetTag("governance.outcome", AuditLeaf.NameOf(result.Outcome));
        if (result.Outcome == CallOutcome.Succeeded) return;
        span.SetTag("error.type", AuditLeaf.NameOf(result.Outcome)).SetStatus(ActivityStatusCode.Error);
    }
}
