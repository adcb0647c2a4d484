using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Privacy;

/// <summary>
/// Writes captured content behind the calls. Content is optional where money is not: what cannot be taken or stored is counted and logged,
/// and no call waits for it or fails with it.
/// </summary>
public sealed class ContentWriter : BackgroundService
{
    private const int MaxBatch = 32;

    /// <summary>What an item takes beside its bytes, so that empty ones are bounded, too.</summary>
    private const int Overhead = 512;

    private readonly Channel<CallContent> _pending = Channel.CreateUnbounded<CallContent>();
    private readonly ContentStore _store;
    private readonly IOptions<ContentCaptureOptions> _options;
    private readonly ILogger<ContentWriter> _logger;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _lost;
    private long _pendingBytes;

    public ContentWriter(ContentStore store, IMeterFactory meters, IOptions<ContentCaptureOptions> options, ILogger<ContentWriter> logger)
    {
        (_store, _options, _logger) = (store, options, logger);
        var meter = meters.Create(ProxyMetrics.Source);
        _stored = meter.CreateCounter<long>("governance.content.stored", "{call}", "Calls whose content was kept.");
        _lost = meter.CreateCounter<long>("governance.content.lost", "{call}", "Calls whose content a rule asked for and that could not be kept.");
    }

    /// <summary>How many calls' content is on its way to the database.</summary>
    public int Waiting => _pending.Reader.Count;

    /// <summary>Takes content to store it soon; answers at once.</summary>
    public void Take(CallContent content)
    {
        var size = content.Length + Overhead;
        if (Interlocked.Add(ref _pendingBytes, size) <= _options.Value.MaxPendingBytes && _pending.Writer.TryWrite(content)) return;
        Interlocked.Add(ref _pendingBytes, -size);
        Lose(content.OrganizationId);
        Log.ContentNotTaken(_logger, content.CallId);
    }

    /// <summary>A rule asked for a call's content, but it never came here.</summary>
    public void Miss(Guid organizationId, Guid callId, Exception exception)
    {
        Lose(organizationId);
        Log.ContentMissed(_logger, exception, callId);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<CallContent>(MaxBatch);
        while (await _pending.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _pending.Reader.TryRead(out var content)) batch.Add(content);
            await StoreAsync(batch);
            Interlocked.Add(ref _pendingBytes, -batch.Sum(content => (long)content.Length + Overhead));
        }
    }

    /// <summary>Takes no more and stores what waits, for as long as the host gives it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _pending.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <param name="batch">The contents.</param>
    /// <param name="again">Whether a failure is worth another attempt: two writers may have made the same key.</param>
    private async Task StoreAsync(List<CallContent> batch, bool again = true)
    {
        try
        {
            await _store.StoreAsync(batch, CancellationToken.None);
            foreach (var content in batch) _stored.Add(1, Of(content.OrganizationId));
        }
        catch (Exception) when (batch.Count > 1 || again)
        {
            // One that cannot be stored must not take its neighbours with it.
            foreach (var content in batch) await StoreAsync([content], again: batch.Count > 1);
        }
        catch (Exception exception)
        {
            Lose(batch[0].OrganizationId);
            Log.ContentNotStored(_logger, exception, batch[0].CallId);
        }
    }

    private void Lose(Guid organizationId) => _lost.Add(1, Of(organizationId));

    private static KeyValuePair<string, object?> Of(Guid organizationId) => KeyValuePair.Create<string, object?>(ProxyMetrics.Organization, organizationId.ToString());
}
