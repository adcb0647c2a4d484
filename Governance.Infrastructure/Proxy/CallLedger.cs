using System.Threading.Channels;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Writes calls and their outcomes. Whoever waits for a write gets its answer after the commit; writes that wait at the same
/// moment share one commit, because the commit is what costs (docs/adr/0005-ledger-writer.md).
/// </summary>
public sealed class CallLedger(
    GovernanceDatabase database, PriceBooks prices, Spill spill, LedgerFeed feed, TimeProvider time, IOptions<ProxyOptions> options, ILogger<CallLedger> logger)
    : BackgroundService
{
    private const int MaxBatch = 256;

    private readonly Channel<PendingWrite> _pending = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(options.Value.MaxPendingWrites));

    /// <summary>Whether writes are being taken; readiness depends on it.</summary>
    public bool Running { get; private set; }

    /// <summary>How many writes wait at the moment.</summary>
    public int Waiting => _pending.Reader.Count;

    /// <summary>Commits a call as open, before the provider is called.</summary>
    /// <exception cref="LedgerUnavailableException">It could not be recorded, so the call must not be made.</exception>
    public async Task OpenAsync(Call call)
    {
        var write = new PendingWrite([call]);
        if (!_pending.Writer.TryWrite(write)) throw new LedgerUnavailableException();
        await write.Committed;
    }

    /// <summary>
    /// Books how a call ended. It is not cancellable, and a failure of the database does not lose it: the entry then waits in the
    /// spill file.
    /// </summary>
    public async Task SettleAsync(Call call, CallResult result)
    {
        try
        {
            var entry = CallPricing.Book(call, result, await prices.GetAsync(call.OrganizationId, CancellationToken.None));
            await WriteAsync(entry, [entry, .. result.Attempts], result.Operation);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.SettleSpilled(logger, exception, call.Id);
            spill.Write(SettleHandler.ToWork(call, result, time.GetUtcNow()));
        }
    }

    /// <summary>Records a call that was refused: opened and ended in one commit, at no cost.</summary>
    public async Task RefuseAsync(Call call, CallResult result)
    {
        var entry = CallPricing.Book(call, result, PriceBooks.Empty);
        try
        {
            await WriteAsync(entry, [call, entry], result.Operation);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The refusal stands whether or not it could be recorded; nothing was spent.
            Log.RefusalNotRecorded(logger, exception, call.Id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Running = true;
        var batch = new List<PendingWrite>(MaxBatch);
        try
        {
            while (await _pending.Reader.WaitToReadAsync(CancellationToken.None))
            {
                batch.Clear();
                while (batch.Count < MaxBatch && _pending.Reader.TryRead(out var write)) batch.Add(write);
                await CommitAsync(batch);
            }
        }
        finally
        {
            Running = false;
            TurnAwayWaiting();
        }
    }

    /// <summary>
    /// Takes no more writes and finishes those that wait. The host calls it after the web server has stopped. Those that cannot be
    /// finished in the time it gives fail, so that outcomes among them reach the spill file before the process ends.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _pending.Writer.TryComplete();
        try
        {
            if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken);
        }
        finally
        {
            TurnAwayWaiting();
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>Whatever ended the writer, nobody may wait for it for ever.</summary>
    private void TurnAwayWaiting()
    {
        _pending.Writer.TryComplete();
        while (_pending.Reader.TryRead(out var write)) write.Fail(new LedgerUnavailableException());
    }

    private async Task WriteAsync(LedgerEntry entry, IReadOnlyList<object> rows, string operation)
    {
        var write = new PendingWrite(rows);
        await _pending.Writer.WriteAsync(write);
        await write.Committed;
        feed.Publish(entry, operation);
    }

    private async Task CommitAsync(List<PendingWrite> batch)
    {
        try
        {
            await InsertAsync(batch.SelectMany(write => write.Rows));
            foreach (var write in batch) write.Succeed();
        }
        catch (Exception exception) when (batch.Count == 1)
        {
            batch[0].Fail(exception);
        }
        catch (Exception exception) when (exception.IsOfOneRow())
        {
            // One bad row must not fail its neighbours.
            foreach (var write in batch) await CommitAsync([write]);
        }
        catch (Exception exception)
        {
            foreach (var write in batch) write.Fail(exception);
        }
    }

    private async Task InsertAsync(IEnumerable<object> rows)
    {
        await using var db = database.AcrossOrganizations();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    /// <summary>Rows that are committed together, and whoever waits for that.</summary>
    private sealed class PendingWrite(IReadOnlyList<object> rows)
    {
        private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<object> Rows => rows;

        public Task Committed => _committed.Task;

        public void Succeed() => _committed.SetResult();

        public void Fail(Exception exception) => _committed.SetException(exception);
    }
}

/// <summary>Too many writes are waiting for the database, or the process is ending.</summary>
public sealed class LedgerUnavailableException() : Exception("The ledger takes no further write at the moment.");
