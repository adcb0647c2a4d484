using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>
/// Has a call answered: tries the candidates of its plan one after another, each as often as is allowed, as long as nothing was sent to the caller and no
/// provider worked on it (docs/adr/0017-resilience.md).
/// </summary>
internal sealed class CallForwarder(
    ProviderClient providers,
    ConnectionGates gates,
    TokenEstimators estimators,
    ResilienceMetrics metrics,
    Random random,
    TimeProvider time,
    IOptions<ProxyOptions> options,
    IOptions<ResilienceOptions> resilience,
    ILogger<CallForwarder> logger)
{
    /// <returns>How it ended, and the bytes of an answer that came whole.</returns>
    public async Task<(CallResult Result, byte[]? Body)> ForwardAsync(HttpContext http, CallTarget target, CallDraft draft, Call call, byte[] body, ContentTee? tee)
    {
        var attempts = new List<UpstreamAttempt>();
        var rows = new List<CallAttempt>();
        try
        {
            var (told, refusal) = await TryAsync();
            if (told is null)
            {
                await ProxyReply.WriteErrorAsync(http, draft.Match!.Api.Errors, refusal!);
                return (Refused(draft, refusal!), null);
            }

            await told.FinishAsync();
            return (await ToResultAsync(http, call, told, time.GetUtcNow()) with { Attempts = rows }, told.Body);
        }
        finally
        {
            foreach (var attempt in attempts) attempt.Dispose();
        }

        // What the caller is to be told: the answer, or else the last error that a provider gave, or else ours.
        async Task<(UpstreamAttempt? Told, ProxyError? Refusal)> TryAsync()
        {
            UpstreamAttempt? told = null;
            ProxyError? refusal = null;
            foreach (var candidate in draft.Plan!.Candidates)
            {
                var (connection, gate) = (candidate.Connection, gates.Of(call.OrganizationId, candidate.Connection.Name));
                var retries = new RetryPolicy(resilience.Value.RetryRules(connection.Limits.Attempts));
                for (var number = 1; ; number++)
                {
                    var (pass, shut) = gate.Enter();
                    if (pass is null)
                    {
                        refusal = Sooner(refusal, shut!);
                        break;
                    }

                    if (number > 1) metrics.Retried(call.OrganizationId, connection.Name);
                    else if (rows.Count > 0) metrics.FellBack(call.OrganizationId, connection.Name);
                    var attempt = NewAttempt(http, target, draft, candidate);
                    attempts.Add(attempt);
                    using (pass)
                    {
                        await attempt.RunAsync(providers, body, options.Value.MaxResponseBytes, tee, logger);
                        pass.Report(attempt.Judge(resilience.Value.BreakerLongWait), attempt.Wait);
                    }

                    rows.Add(attempt.ToRow(call, rows.Count + 1));
                    if (!attempt.MayFallBack) return (attempt, null);
                    if (attempt.Answered || told is null or { Answered: false }) told = attempt;
                    if (http.RequestAborted.IsCancellationRequested) return (told, null);
                    if (!attempt.MayRepeat || retries.Delay(number, attempt.Wait, random) is not { } delay || gate.Wait > delay) break;
                    if (!await WaitAsync(delay, http.RequestAborted)) return (told, null);
                }
            }

            return (told, refusal);
        }
    }

    private UpstreamAttempt NewAttempt(HttpContext http, CallTarget target, CallDraft draft, RouteCandidate candidate) => new(
        http, target, draft, candidate,
        new UpstreamDeadline(candidate.Connection.Limits.Activity ?? options.Value.ActivityTimeout, options.Value.DrainTimeout, time, http.RequestAborted), time);

    /// <returns>Whether the caller is still there.</returns>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken callerGone)
    {
        try
        {
            await Task.Delay(delay, time, callerGone);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Of several connections that let nothing through, the one that will first.</summary>
    private static ProxyError Sooner(ProxyError? one, ProxyError other) => one is null || other.RetryAfter < one.RetryAfter ? other : one;

    private CallResult Refused(CallDraft draft, ProxyError refusal) => new(refusal.Outcome, time.GetUtcNow())
    {
        Status = refusal.Status,
        ErrorCode = refusal.Code,
        Operation = GenAiNames.OperationOf(draft.Match!.Api.Scope),
    };

    /// <summary>What the provider reported, or an estimate where it had started to work and reported nothing.</summary>
    private async ValueTask<CallResult> ToResultAsync(HttpContext http, Call call, UpstreamAttempt attempt, DateTimeOffset endedAt)
    {
        var (relayed, reader, relay, connection) = (attempt.Relayed, attempt.Reader, attempt.Relay, attempt.Candidate.Connection);
        var outcome = relay?.CallerMissedBytes == true && relayed.Outcome == CallOutcome.Succeeded ? CallOutcome.CallerGone : relayed.Outcome;
        var worked = !attempt.Api.Free
            && (outcome is not (CallOutcome.ProviderError or CallOutcome.ProviderUnreachable or CallOutcome.ProviderGarbage) || reader.ContentBytes > 0 || reader.PromptUsage is not null);
        return new CallResult(outcome, endedAt)
        {
            Status = outcome == CallOutcome.CallerGone && !http.Response.HasStarted ? null : http.Response.StatusCode,
            ErrorCode = relayed.Error?.Code ?? reader.ErrorCode,
            Site = new CallSite(connection.Provider, connection.Name, connection.Region, attempt.Candidate.Model),
            ActualModel = reader.Model,
            ServiceTier = reader.ServiceTier,
            Usage = reader.Usage ?? (worked ? await EstimateAsync(call, attempt) : default),
            Units = reader.Units,
            Worked = worked,
            ContentBytes = reader.ContentBytes,
            Provenance = reader.Usage is null && worked ? Provenance.Estimated : Provenance.Reported,
            FirstByteAt = relay?.FirstByteAt,
            Operation = GenAiNames.OperationOf(attempt.Api.Scope),
        };
    }

    /// <summary>What an unreported answer probably used, by how the model's other calls were reported.</summary>
    private async ValueTask<TokenUsage> EstimateAsync(Call call, UpstreamAttempt attempt)
    {
        var (reader, provider) = (attempt.Reader, attempt.Candidate.Connection.Provider);
        var estimator = await estimators.GetAsync(call.OrganizationId, CancellationToken.None);
        var model = reader.Model ?? attempt.Candidate.Model;
        var prompt = reader.PromptUsage ?? new TokenUsage(Input: estimator.Estimate(provider, model, TokenSide.Prompt, call.PromptBytes));
        return prompt with { Output = estimator.Estimate(provider, model, TokenSide.Output, reader.ContentBytes) };
    }
}
