using System.Data.Common;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>A call through the proxy, whichever provider it is for, read from top to bottom: check, answer from the cache or open, forward and relay, settle.</summary>
internal sealed class ProxiedCall(
    CallerCheck callers,
    SubjectDirectory subjects,
    ProviderConnections connections,
    PriceBooks prices,
    TokenEstimators estimators,
    RoutePlanner routes,
    CallLimits limits,
    CallCache cache,
    CallForwarder forwarder,
    CallLedger ledger,
    ContentCapture capture,
    OperatingOrganization operating,
    ProcessRegistry process,
    TimeProvider time,
    IOptions<ProxyOptions> options,
    ILogger<ProxiedCall> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var startedAt = time.GetUtcNow();
        var target = CallTarget.Of(http);
        var draft = new CallDraft(Guid.CreateVersion7(startedAt), startedAt, target.Kind?.Id ?? Call.UnknownProvider, process.InstanceId);
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

        // 2. Answer from the cache, where the application has one: that costs nothing, so nothing is held for it.
        var cached = cache.Find(http, target, ready, body);
        if (cached.Answer is { } answer)
        {
            await AnswerAsync(http, ready, answer, body);
            lease.End(0);
            return;
        }

        // 3. Open: record it, and hold what it may cost. A call that cannot be recorded, or paid for, is not made.
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

        // 4. Forward and relay. 5. Settle, whatever happened.
        var tee = await capture.BeginAsync(call);
        using var span = CallSpan.Start(ready);
        var (result, whole) = await forwarder.ForwardAsync(http, target, ready, call, body, tee);
        lease.End(result.Usage.Total);
        CallSpan.End(span, result);
        await cache.KeepAsync(http, cached, ready, call, result, whole);
        await ledger.SettleSoonAsync(call, result);
        capture.End(tee, call, body);
    }

    /// <summary>A call that cannot be recorded is not answered, though it costs nothing.</summary>
    private async Task AnswerAsync(HttpContext http, CallDraft draft, CachedAnswer answer, byte[] body)
    {
        var call = draft.ToCall(fallback: null);
        var tee = await capture.BeginAsync(call);
        try
        {
            await ledger.AnswerAsync(call, answer.ToHit(time.GetUtcNow()));
        }
        catch (Exception exception)
        {
            Log.NotOpened(logger, exception, call.Id);
            await ProxyReply.WriteErrorAsync(http, draft.Match!.Api.Errors, ProxyErrors.LedgerUnavailable);
            return;
        }

        await cache.SendAsync(http, answer, tee);
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

            // Where may it go?
            var (plan, unroutable) = await routes.PlanAsync(holder, target.Kind, connection, api, request!, draft.StartedAt, http.RequestAborted);
            if (unroutable is not null) return (draft, [], unroutable);
            connection = plan?.Candidates[0].Connection;
            draft = draft with { Plan = plan, Connection = connection };
            if (draft.Model is { } model && holder.CheckModel(model) is { } notAllowed) return (draft, [], notAllowed);

            // Can it be sent, and can its cost be governed?
            if (connection is null) return (draft, [], ProxyErrors.ProviderNotConfigured(kind.DisplayName));
            if (!connection.Approved) return (draft, [], ProxyErrors.ConnectionNotApproved(connection.Name));
            draft = draft with { Ceiling = api.Free ? Money.Zero : await CeilingAsync(draft, http.RequestAborted) };
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

    /// <summary>What the call may cost at most, wherever of its plan it goes; none if one of the models there has no price.</summary>
    private async ValueTask<Money?> CeilingAsync(CallDraft draft, CancellationToken cancellation)
    {
        var (organizationId, request, ceiling) = (draft.Holder!.OrganizationId, draft.Request!, Money.Zero);
        var book = await prices.GetAsync(organizationId, cancellation);
        var estimator = await estimators.GetAsync(organizationId, cancellation);
        foreach (var (connection, model, _) in draft.Plan!.Candidates)
        {
            if (book.Find(connection.Provider, model!, draft.StartedAt) is not { } price) return null;
            var prompt = estimator.Estimate(connection.Provider, model, TokenSide.Prompt, request.PromptBytes);
            var here = CallCeiling.Of(
                price, prompt, request.MaxOutputTokens, options.Value.LongestAnswerTokens, request.Answers, ServiceTiers.Parse(request.ServiceTier), connection.Region is not null);
            if (here.NanoUsd > ceiling.NanoUsd) ceiling = here;
        }

        return ceiling;
    }

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
}
