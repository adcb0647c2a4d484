using System.Data.Common;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Limits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>A call through the proxy, whichever provider it is for, read from top to bottom: check, open, forward and relay, settle.</summary>
internal sealed class ProxiedCall(
    CallerCheck callers,
    SubjectDirectory subjects,
    ProviderConnections connections,
    PriceBooks prices,
    TokenEstimators estimators,
    CallLimits limits,
    ProviderClient providers,
    CallLedger ledger,
    ContentCapture capture,
    OperatingOrganization operating,
    ProcessRegistry process,
    TimeProvider time,
    IOptions<ProxyOptions> options,
    ILogger<ProxiedCall> logger)
{
    /// <summary>Under which names providers tell their own id of a request.</summary>
    private static readonly string[] RequestIds = ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"];

    public async Task HandleAsync(HttpContext http)
    {
        var startedAt = time.GetUtcNow();
        var target = CallTarget.Of(http);
        var draft = new CallDraft(Guid.CreateVersion7(startedAt), startedAt, target.Kind?.Id ?? target.Name, process.InstanceId);
        ProxyReply.SetRequestId(http.Response, draft.Id);

        // 1. Check. Whatever is wrong is recorded as a refused call.
        var (ready, body, refusal) = await CheckAsync(http, target, draft);
        if (refusal is not null)
        {
            await RefuseAsync(http, target, ready, refusal);
            return;
        }

        // A place under the limits is given back however the call ends.
        using var lease = ready.Lease!;

        // 2. Open: record it, and hold what it may cost. A call that cannot be recorded, or paid for, is not made.
        var call = ready.ToCall(fallback: null);
        try
        {
            if (await ledger.OpenAsync(call) is { } exceeded)
            {
                await RefuseAsync(http, target, ready, exceeded.ToError(ready.Holder!.Zone));
                return;
            }
        }
        catch (Exception exception)
        {
            Log.NotOpened(logger, exception, call.Id);
            await ProxyReply.WriteErrorAsync(http, ready.Match!.Api.Errors, ProxyErrors.LedgerUnavailable);
            return;
        }

        // 3. Forward and relay. 4. Settle, whatever happened.
        var tee = await capture.BeginAsync(call);
        using var span = CallSpan.Start(ready);
        var result = await ForwardAsync(http, target, ready, call, body, tee);
        lease.End(result.Usage.Total);
        CallSpan.End(span, result);
        await ledger.SettleSoonAsync(call, result);
        capture.End(tee, call, body);
    }

    private async Task<(CallDraft Draft, byte[] Body, ProxyError? Refusal)> CheckAsync(HttpContext http, CallTarget target, CallDraft draft)
    {
        try
        {
            // Who calls?
            var caller = await callers.FindAsync(http, target);
            draft = draft with { Holder = caller.Holder };
            if (caller.Error is not null) return (draft, [], caller.Error);
            var holder = caller.Holder!;

            // What is called?
            var connection = await connections.FindAsync(holder.OrganizationId, target.Kind, target.Name, http.RequestAborted);
            if ((connection?.Kind ?? target.Kind) is not { } kind) return (draft, [], ProxyErrors.UnknownConnection(target.Name));
            draft = draft with { Connection = connection, Match = kind.Find(http.Request.Method, target.Path) };
            if (draft.Match is not { Api: var api }) return (draft, [], ProxyErrors.UnknownEndpoint(http.Request.Method, http.Request.Path));
            if (holder.Check(api.Scope, draft.StartedAt) is { } closed) return (draft, [], closed);

            // What is asked?
            var (body, tooLarge) = caller.Body is { } read ? (read, null) : await RequestBody.ReadAsync(http, options.Value.MaxRequestBytes);
            if (tooLarge is not null) return (draft, [], tooLarge);
            var (request, malformed) = api.ReadRequest(body, draft.Match.Model);
            if (malformed is not null) return (draft, [], malformed);
            var (tags, tagError) = CallTags.Parse(http.Request.Headers[CallTags.Header]);
            draft = draft with { Request = request, Tags = tags };
            if (tagError is not null) return (draft, [], ProxyErrors.InvalidTags(tagError));
            if (draft.Model is { } model && holder.CheckModel(model) is { } notAllowed) return (draft, [], notAllowed);

            // Can it be sent, and can its cost be governed?
            if (connection is null) return (draft, [], ProxyErrors.ProviderNotConfigured(kind.DisplayName));
            if (!connection.Approved) return (draft, [], ProxyErrors.ConnectionNotApproved(connection.Name));
            draft = draft with { Ceiling = api.Free ? Money.Zero : await CeilingAsync(draft, connection, http.RequestAborted) };
            if (draft.Ceiling is null && options.Value.UnpricedModels == UnpricedModels.Refuse) return (draft, [], ProxyErrors.UnpricedModel(draft.Model!));

            // For whom?
            if (request!.User is { } user)
                draft = draft with { SubjectId = await subjects.ResolveAsync(holder.OrganizationId, user, http.RequestAborted) };

            // Within its limits?
            var limited = new LimitedCall(holder, draft.SubjectId, http.Connection.RemoteIpAddress, api, request, connection.Provider, draft.Model);
            var (lease, overLimit) = await limits.EnterAsync(limited, http.RequestAborted);
            return (draft with { Lease = lease }, body!, overLimit);
        }
        catch (BadHttpRequestException exception)
        {
            return (draft, [], ProxyErrors.InvalidRequest(exception.StatusCode));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return (draft, [], ProxyErrors.CallerGone);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException { InnerException: DbException })
        {
            Log.NotChecked(logger, exception, draft.Id);
            return (draft, [], ProxyErrors.LedgerUnavailable);
        }
    }

    /// <summary>What the call may cost at most; none if its model has no price.</summary>
    private async ValueTask<Money?> CeilingAsync(CallDraft draft, ProviderConnection connection, CancellationToken cancellation)
    {
        var (holder, request) = (draft.Holder!, draft.Request!);
        var book = await prices.GetAsync(holder.OrganizationId, cancellation);
        if (book.Find(connection.Provider, draft.Model!, draft.StartedAt) is not { } price) return null;
        var estimator = await estimators.GetAsync(holder.OrganizationId, cancellation);
        var prompt = estimator.Estimate(connection.Provider, draft.Model, TokenSide.Prompt, request.PromptBytes);
        return CallCeiling.Of(
            price, prompt, request.MaxOutputTokens, options.Value.LongestAnswerTokens, request.Answers, ServiceTiers.Parse(request.ServiceTier), connection.Region is not null);
    }

    private async Task<CallResult> ForwardAsync(HttpContext http, CallTarget target, CallDraft draft, Call call, byte[] body, ContentTee? tee)
    {
        var (request, connection, match) = (draft.Request!, draft.Connection!, draft.Match!);
        var (api, reader) = (match.Api, match.Api.NewReader());
        using var deadline = new UpstreamDeadline(options.Value.ActivityTimeout, options.Value.DrainTimeout, time, http.RequestAborted);
        var attemptedAt = time.GetUtcNow();
        HttpResponseMessage? upstream = null;
        Relay? relay = null;
        Relayed relayed;
        try
        {
            upstream = await providers.SendAsync(
                connection, new HttpMethod(http.Request.Method), match.Path + target.Query, HttpMethods.IsGet(http.Request.Method) ? null : api.Outgoing(request, body),
                RelayedHeaders.OfCaller(http.Request.Headers), deadline.Token);
            reader.ReadHead(name => Header(upstream, name));
            relay = new Relay(http, upstream, api.Errors, reader, deadline, time, options.Value.MaxResponseBytes, tee);
            relayed = upstream.IsSuccessStatusCode && api.NewFraming(request, upstream.Content.Headers.ContentType?.MediaType) is { } framing
                ? await StreamRelay.RunAsync(relay, framing, request.WithholdUsage)
                : await PlainRelay.RunAsync(relay);
        }
        catch (Exception exception) when (NeverConnected(exception, deadline))
        {
            Log.ProviderUnreachable(logger, exception, connection.Name);
            relayed = new Relayed(CallOutcome.ProviderUnreachable, ProxyErrors.ProviderUnreachable);
        }
        catch (HttpRequestException exception)
        {
            // The request may have been worked on, so it is not free.
            Log.ProviderUnreachable(logger, exception, connection.Name);
            relayed = new Relayed(CallOutcome.ProviderCut, ProxyErrors.ProviderCut);
        }
        catch (OperationCanceledException)
        {
            relayed = deadline.CallerGone ? new Relayed(CallOutcome.CallerGone) : new Relayed(CallOutcome.ProviderTimeout, ProxyErrors.ProviderTimeout);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, call.Id);
            relayed = new Relayed(CallOutcome.ProviderCut, ProxyErrors.Internal);
        }

        if (relayed.Error is not null && !http.Response.HasStarted) await ProxyReply.WriteErrorAsync(http, api.Errors, relayed.Error);
        var endedAt = time.GetUtcNow();
        using (upstream)
        {
            return await ToResultAsync(http, api, call, relayed, reader, relay, endedAt) with { Attempts = [ToAttempt(call, connection, upstream, relayed, reader, attemptedAt, endedAt)] };
        }
    }

    /// <summary>What the provider reported, or an estimate where it had started to work and reported nothing.</summary>
    private async ValueTask<CallResult> ToResultAsync(
        HttpContext http, ProviderApi api, Call call, Relayed relayed, AnswerReader reader, Relay? relay, DateTimeOffset endedAt)
    {
        var outcome = relay?.CallerMissedBytes == true && relayed.Outcome == CallOutcome.Succeeded ? CallOutcome.CallerGone : relayed.Outcome;
        var worked = !api.Free
            && (outcome is not (CallOutcome.ProviderError or CallOutcome.ProviderUnreachable or CallOutcome.ProviderGarbage) || reader.ContentBytes > 0 || reader.PromptUsage is not null);
        return new CallResult(outcome, endedAt)
        {
            Status = outcome == CallOutcome.CallerGone && !http.Response.HasStarted ? null : http.Response.StatusCode,
            ErrorCode = relayed.Error?.Code ?? reader.ErrorCode,
            ActualModel = reader.Model,
            ServiceTier = reader.ServiceTier,
            Usage = reader.Usage ?? (worked ? await EstimateAsync(call, reader) : default),
            Units = reader.Units,
            Worked = worked,
            ContentBytes = reader.ContentBytes,
            Provenance = reader.Usage is null && worked ? Provenance.Estimated : Provenance.Reported,
            FirstByteAt = relay?.FirstByteAt,
            Operation = GenAiNames.OperationOf(api.Scope),
        };
    }

    /// <summary>What an unreported answer probably used, by how the model's other calls were reported.</summary>
    private async ValueTask<TokenUsage> EstimateAsync(Call call, AnswerReader reader)
    {
        var estimator = await estimators.GetAsync(call.OrganizationId, CancellationToken.None);
        var model = reader.Model ?? call.RequestedModel;
        var prompt = reader.PromptUsage ?? new TokenUsage(Input: estimator.Estimate(call.Provider, model, TokenSide.Prompt, call.PromptBytes));
        return prompt with { Output = estimator.Estimate(call.Provider, model, TokenSide.Output, reader.ContentBytes) };
    }

    private static CallAttempt ToAttempt(
        Call call, ProviderConnection connection, HttpResponseMessage? upstream, Relayed relayed, AnswerReader reader,
        DateTimeOffset startedAt, DateTimeOffset endedAt) => new()
        {
            Id = Guid.CreateVersion7(startedAt),
            OrganizationId = call.OrganizationId,
            CallId = call.Id,
            Number = 1,
            Connection = connection.Name,
            StartedAt = startedAt,
            DurationMs = (int)Math.Clamp((endedAt - startedAt).TotalMilliseconds, 0, int.MaxValue),
            Status = (int?)upstream?.StatusCode,
            ErrorCode = relayed.Error?.Code ?? reader.ErrorCode,
            ProviderRequestId = upstream is null ? null : RequestIds.Select(name => Header(upstream, name)).FirstOrDefault(id => id is { Length: <= 200 }),
        };

    private async Task RefuseAsync(HttpContext http, CallTarget target, CallDraft draft, ProxyError refusal)
    {
        await ProxyReply.WriteErrorAsync(http, draft.Match?.Api.Errors ?? draft.Connection?.Kind.Routes[0].Api.Errors ?? target.Errors, refusal);
        try
        {
            var fallback = draft.Holder is null ? await operating.FindAsync(CancellationToken.None) : null;
            if (draft.Holder is null && fallback is null) return; // Not set up yet: there is nobody to record it for.
            var result = new CallResult(refusal.Outcome, time.GetUtcNow())
            {
                Status = refusal.Status,
                ErrorCode = refusal.Code,
                Operation = GenAiNames.OperationOf(draft.Match?.Api.Scope),
            };
            await ledger.RefuseAsync(draft.ToCall(fallback), result);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            Log.NotChecked(logger, exception, draft.Id);
        }
    }

    /// <summary>The provider cannot have seen the request. A connection time-out is a cancellation that the deadline did not cause.</summary>
    private static bool NeverConnected(Exception exception, UpstreamDeadline deadline) => exception switch
    {
        HttpRequestException http => http.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        OperationCanceledException => !deadline.Token.IsCancellationRequested,
        _ => false,
    };

    private static string? Header(HttpResponseMessage upstream, string name) => upstream.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
