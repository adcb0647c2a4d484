using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Proxy;

/// <summary>
/// One attempt to have a call answered. An answer that is a success is relayed as it comes; one that is an error is read whole and kept, so that
/// the call can still be tried elsewhere.
/// </summary>
internal sealed class UpstreamAttempt(HttpContext http, CallTarget target, CallDraft draft, RouteCandidate candidate, UpstreamDeadline deadline, TimeProvider time) : IDisposable
{
    /// <summary>Under which names providers tell their own id of a request.</summary>
    private static readonly string[] RequestIds = ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"];

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private HttpResponseMessage? _upstream;
    private PlainAnswer? _kept;
    private bool _unreached;

    public RouteCandidate Candidate => candidate;

    public ProviderApi Api => draft.Match!.Api;

    public AnswerReader Reader { get; } = draft.Match!.Api.NewReader();

    public Relay? Relay { get; private set; }

    public Relayed Relayed { get; private set; }

    /// <summary>The bytes of an answer that came whole; none of a stream.</summary>
    public byte[]? Body { get; private set; }

    /// <summary>Whether the provider answered, if only with an error.</summary>
    public bool Answered => _kept is not null;

    /// <summary>How long the provider asks to wait; none if it does not say.</summary>
    public TimeSpan? Wait => _upstream is null ? null
        : RetryAfter.Read(Header(RetryAfter.MillisecondsHeader), Header(RetryAfter.Header), time.GetUtcNow()) ?? Reader.RetryAfter;

    /// <summary>
    /// Nothing was sent to the caller, and the provider certainly did no work: it was not reached, or says so by its status. Where an answer was cut or did not
    /// come in time, it may have been worked on and charged, so the call is not made a second time.
    /// </summary>
    public bool MayRepeat => _unreached || (_kept is { Relayed.Outcome: CallOutcome.ProviderError } && RetryPolicy.MayRepeat((int)_upstream!.StatusCode));

    /// <summary>As <see cref="MayRepeat"/>, or the provider refused the connection's key: there is no use in asking it again, but another may answer.</summary>
    public bool MayFallBack => MayRepeat || (_kept is { Relayed.Outcome: CallOutcome.ProviderError } && RetryPolicy.MayFallBack((int)_upstream!.StatusCode));

    public async Task RunAsync(ProviderClient providers, byte[] body, int maxBytes, ContentTee? tee, ILogger logger)
    {
        try
        {
            _upstream = await SendAsync(providers, body);
            Reader.ReadHead(Header);
            Relay = new Relay(http, _upstream, Api.Errors, Reader, deadline, time, maxBytes, tee);
            if (!_upstream.IsSuccessStatusCode) Relayed = (_kept = await PlainRelay.ReadAsync(Relay)).Relayed;
            else if (Api.NewFraming(draft.Request!, _upstream.Content.Headers.ContentType?.MediaType) is { } framing)
                Relayed = await StreamRelay.RunAsync(Relay, framing, draft.Request!.WithholdUsage);
            else (Relayed, Body) = await PlainRelay.RunAsync(Relay);
        }
        catch (Exception exception) when (NeverConnected(exception))
        {
            Log.ProviderUnreachable(logger, exception, candidate.Connection.Name);
            (_unreached, Relayed) = (true, new Relayed(CallOutcome.ProviderUnreachable, ProxyErrors.ProviderUnreachable));
        }
        catch (HttpRequestException exception)
        {
            // The request may have been worked on, so it is not free.
            Log.ProviderUnreachable(logger, exception, candidate.Connection.Name);
            Relayed = new Relayed(CallOutcome.ProviderCut, ProxyErrors.ProviderCut);
        }
        catch (OperationCanceledException)
        {
            Relayed = deadline.CallerGone ? new Relayed(CallOutcome.CallerGone) : new Relayed(CallOutcome.ProviderTimeout, ProxyErrors.ProviderTimeout);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, draft.Id);
            Relayed = new Relayed(CallOutcome.ProviderCut, ProxyErrors.Internal);
        }
    }

    /// <summary>What it says about the connection. Why an answer that began well turned out an error is not known, so that says nothing.</summary>
    public AttemptVerdict Judge(TimeSpan longWait) => Relayed switch
    {
        { Error: { } error } when error == ProxyErrors.Internal => AttemptVerdict.Nothing,
        { Outcome: CallOutcome.ProviderError } => _kept is null ? AttemptVerdict.Nothing : RetryPolicy.Judge((int)_upstream!.StatusCode, Wait, longWait),
        { Outcome: CallOutcome.Succeeded } => AttemptVerdict.Sound,
        { Outcome: CallOutcome.CallerGone } => AttemptVerdict.Nothing,
        _ => deadline.CallerGone ? AttemptVerdict.Nothing : AttemptVerdict.Failed,
    };

    /// <summary>Has the caller get what was kept for it, or an error of ours, unless it has the answer already.</summary>
    public async Task FinishAsync()
    {
        if (_kept is { Relayed.Error: null } kept) await PlainRelay.SendAsync(Relay!, kept);
        else if (Relayed.Error is { } error && !http.Response.HasStarted) await ProxyReply.WriteErrorAsync(http, Api.Errors, error);
    }

    public CallAttempt ToRow(Call call, int number)
    {
        var endedAt = time.GetUtcNow();
        return new CallAttempt
        {
            OrganizationId = call.OrganizationId,
            CallId = call.Id,
            Number = number,
            Connection = candidate.Connection.Name,
            Model = candidate.Model,
            StartedAt = _startedAt,
            DurationMs = (int)Math.Clamp((endedAt - _startedAt).TotalMilliseconds, 0, int.MaxValue),
            Status = (int?)_upstream?.StatusCode,
            ErrorCode = Relayed.Error?.Code ?? Reader.ErrorCode,
            ProviderRequestId = _upstream is null ? null : RequestIds.Select(Header).FirstOrDefault(id => id is { Length: <= 200 }),
        };
    }

    public void Dispose()
    {
        _upstream?.Dispose();
        deadline.Dispose();
    }

    private Task<HttpResponseMessage> SendAsync(ProviderClient providers, byte[] body)
    {
        var (match, sent) = (draft.Match!, candidate.SentModel);
        if (sent is not null) (match, body) = match.Model is null ? (match, RequestModel.Replace(body, sent)) : (match.ForModel(sent), body);
        return providers.SendAsync(
            candidate.Connection, new HttpMethod(http.Request.Method), match.Path + target.Query, HttpMethods.IsGet(http.Request.Method) ? null : Api.Outgoing(draft.Request!, body),
            RelayedHeaders.OfCaller(http.Request.Headers), deadline.Token);
    }

    /// <summary>The provider cannot have seen the request. A connection time-out is a cancellation that the deadline did not cause.</summary>
    private bool NeverConnected(Exception exception) => exception switch
    {
        HttpRequestException unreached => unreached.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        OperationCanceledException => !deadline.Token.IsCancellationRequested,
        _ => false,
    };

    private string? Header(string name) => _upstream!.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
