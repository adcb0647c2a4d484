using System.Threading.Channels;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>
/// Writes what waits on a connection of its own. Writes that wait at the same moment share one commit, because the commit is what costs. Calls that
/// are about to be made are written at once; outcomes, for which nobody waits, linger a moment to share more.
/// </summary>
/// <param name="database">Where.</param>
/// <param name="leases">This process's slices of budgets.</param>
/// <param name="opening">Writes somebody waits for.</param>
/// <param name="outcomes">Writes that may linger.</param>
/// <param name="stopping">Whether nothing more comes.</param>
/// <param name="booked">Is told, on the thread pool, of outcomes that were committed.</param>
/// <param name="failed">Is given outcomes that were not, and why.</param>
/// <param name="logger">The ledger's.</param>
internal sealed class LedgerWriter(
    LedgerDatabase database, LeaseBook leases, ChannelReader<PendingWrite> opening, ChannelReader<PendingWrite> outcomes, Func<bool> stopping,
    Action<List<PendingWrite>> booked, Action<List<PendingWrite>, Exception> failed, ILogger logger)
{
    private const int MaxBatch = 256;

    /// <summary>How long an outcome may wait for others.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    /// <summary>After so long without work the connection is given back.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private LedgerSession? _session;
    private Task _openingArrives = Task.CompletedTask;
    private Task _outcomeArrives = Task.CompletedTask;

    /// <summary>From where nothing ever comes.</summary>
    public static ChannelReader<PendingWrite> Nothing { get; } = Ended();

    /// <summary>Writes until nothing more comes.</summary>
    public async Task RunAsync()
    {
        var batch = new List<PendingWrite>(MaxBatch);
        try
        {
            while (await WaitAsync())
            {
                batch.Clear();
                while (batch.Count < MaxBatch && opening.TryRead(out var write)) batch.Add(write);
                if (OutcomesAreDue())
                {
                    for (var room = MaxBatch; room > 0 && outcomes.TryRead(out var write); room--) batch.Add(write);
                }

                if (batch.Count > 0) await CommitAsync(batch);
            }
        }
        finally
        {
            await RestAsync();
        }
    }

    private static ChannelReader<PendingWrite> Ended()
    {
        var channel = Channel.CreateBounded<PendingWrite>(1);
        channel.Writer.Complete();
        return channel.Reader;
    }

    /// <summary>Waits for work: a call to open, or outcomes that have waited long enough.</summary>
    /// <returns>False once there will be no more.</returns>
    private async Task<bool> WaitAsync()
    {
        while (true)
        {
            if (opening.Count > 0 || OutcomesAreDue()) return true;
            if (opening.Completion.IsCompleted && outcomes.Completion.IsCompleted) return false;

            _openingArrives = Next(_openingArrives, opening);
            _outcomeArrives = Next(_outcomeArrives, outcomes);
            if (outcomes.Count > 0) await Task.WhenAny(_openingArrives, Task.Delay(Linger));
            else if (_session is null) await Task.WhenAny(_openingArrives, _outcomeArrives);
            else if (!await ArrivesAsync(within: leases.HasSlices ? leases.Options.IdleAfter : Idle)) await RestAsync();
        }
    }

    /// <summary>One who waits stays, so that those who came in vain do not pile up.</summary>
    private static Task Next(Task waiting, ChannelReader<PendingWrite> reader)
    {
        if (!waiting.IsCompleted) return waiting;
        return reader.Completion.IsCompleted ? Never : reader.WaitToReadAsync().AsTask();
    }

    private async Task<bool> ArrivesAsync(TimeSpan within)
    {
        var idle = Task.Delay(within);
        return await Task.WhenAny(_openingArrives, _outcomeArrives, idle) != idle;
    }

    private bool OutcomesAreDue() => outcomes.TryPeek(out var oldest) && (stopping() || outcomes.Count >= MaxBatch || oldest.Age >= Linger);

    /// <summary>Nobody needs the connection, nor what is set aside for calls.</summary>
    private async Task RestAsync()
    {
        await GiveBackAsync();
        await CloseAsync();
    }

    /// <summary>Gives back what is free of this process's slices of budgets.</summary>
    private async Task GiveBackAsync()
    {
        if (leases.Idle(TimeSpan.Zero).Count == 0) return;
        try
        {
            await WriteAsync([], idleAfter: TimeSpan.Zero);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.LeasesNotGivenBack(logger, exception); // They stay held until the process is dead, and are in suspense then.
        }
    }

    private async Task CommitAsync(List<PendingWrite> batch)
    {
        try
        {
            var refusals = await WriteAsync([.. batch.Select(write => write.Write)]);
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch[i].Outcome is null) batch[i].Succeed(refusals[i]);
            }

            // On the thread pool: this thread has the next batch to write.
            if (OutcomesOf(batch) is { Count: > 0 } ended) ThreadPool.UnsafeQueueUserWorkItem(booked, ended, preferLocal: false);
        }
        catch (Exception exception) when (batch.Count > 1 && exception.IsOfOneRow())
        {
            // One bad row must not fail its neighbours.
            foreach (var write in batch.ToList()) await CommitAsync([write]);
        }
        catch (Exception exception)
        {
            foreach (var write in batch.Where(write => write.Outcome is null)) write.Fail(exception);
            failed(OutcomesOf(batch), exception); // Before anything else, as the process may be about to end.
        }
    }

    private static List<PendingWrite> OutcomesOf(List<PendingWrite> batch) => batch.FindAll(write => write.Outcome is not null);

    /// <param name="writes">What to write.</param>
    /// <param name="idleAfter">Slices of budgets that nobody drew from for so long are given back.</param>
    private async Task<BudgetRefusal?[]> WriteAsync(IReadOnlyList<LedgerWrite> writes, TimeSpan? idleAfter = null)
    {
        var change = leases.Enabled ? leases.Begin(idleAfter ?? leases.Options.IdleAfter) : null;
        try
        {
            _session ??= await database.OpenAsync();
            await _session.BeginAsync();
            var refusals = await LedgerTransaction.RunAsync(_session, writes, change);
            await CommitAsync(_session);
            change?.Commit();
            return refusals;
        }
        catch (Exception exception)
        {
            change?.Rollback(mayBeCommitted: exception is CommitUnknownException);
            if (_session is not null) await _session.RollbackAsync();
            await CloseAsync(); // Whatever went wrong, the next one begins on a connection that is known to be good.
            throw;
        }
    }

    private static async Task CommitAsync(LedgerSession session)
    {
        try
        {
            await session.CommitAsync();
        }
        catch (Exception exception) when (!exception.IsOfOneRow()) // On PostgreSQL what is written goes with the commit; where a row does not fit, nothing is committed.
        {
            throw new CommitUnknownException(exception);
        }
    }

    private async Task CloseAsync()
    {
        if (_session is null) return;
        await _session.DisposeAsync();
        _session = null;
    }
}

/// <summary>The database did not say whether it committed.</summary>
internal sealed class CommitUnknownException(Exception inner) : Exception("The database did not say whether it committed.", inner);
