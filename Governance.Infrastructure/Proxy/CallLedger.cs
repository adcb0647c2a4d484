using System.Threading.Channels;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Takes calls and their outcomes, and holds their money. Whoever waits for a write gets its answer after the commit (<see cref="LedgerWriter"/>,
/// docs/adr/0005-ledger-writer.md).
/// </summary>
public sealed class CallLedger : BackgroundService
{
    /// <summary>Many times what a commit takes.</summary>
    private static readonly TimeSpan LongestEnding = TimeSpan.FromMilliseconds(250);

    private readonly LedgerDatabase _database;
    private readonly PriceBooks _prices;
    private readonly LeaseBook _leases;
    private readonly Spill _spill;
    private readonly LedgerFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<CallLedger> _logger;
    private readonly Channel<PendingWrite> _opening;
    private readonly Channel<PendingWrite> _outcomes;
    private volatile PendingWrite? _newestOutcome;
    private volatile bool _stopping;

    public CallLedger(
        LedgerDatabase database, PriceBooks prices, LeaseBook leases, Spill spill, LedgerFeed feed, TimeProvider time, IOptions<ProxyOptions> options, ILogger<CallLedger> logger)
    {
        (_database, _prices, _leases, _spill, _feed, _time, _logger) = (database, prices, leases, spill, feed, time, logger);
        var bound = options.Value.MaxPendingWrites;

        // Whoever opens a call wakes the writer's thread itself: on the way over the thread pool another thread would have to wake first. Nobody waits for
        // room there, so nothing else can go on on the writer's thread.
        _opening = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(bound) { SingleReader = true, AllowSynchronousContinuations = true });
        _outcomes = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(bound) { SingleReader = true });
    }

    /// <summary>Whether writes are being taken; readiness depends on it.</summary>
    public bool Running { get; private set; }

    /// <summary>How many writes wait at the moment.</summary>
    public int Waiting => _opening.Reader.Count + _outcomes.Reader.Count;

    /// <summary>
    /// Commits a call as open, and its ceiling as held on its budgets, before the provider is called. Where this process has slices of all its
    /// budgets, the ceiling is drawn from them, and the call is recorded without anybody waiting for that.
    /// </summary>
    /// <returns>Why a budget refuses it; it is not written then. None if it may be made.</returns>
    /// <exception cref="LedgerUnavailableException">It could not be recorded, so the call must not be made.</exception>
    public async Task<BudgetRefusal?> OpenAsync(Call call)
    {
        if (_leases.TryDraw(call) is { } draw)
        {
            if (_outcomes.Writer.TryWrite(new PendingWrite(new LedgerWrite { Call = call, Draw = draw }))) return null;
            _leases.Undo(call.Id); // No room: it waits like others, or is refused.
        }

        // A call that has ended holds its ceiling until its outcome is written. Nobody is refused for want of that moment, nor waits long for it.
        var ending = Ending;
        if (await HoldAsync(call) is not { } refusal) return null;
        ending = Ending ?? ending;
        if (ending is null) return refusal;
        await ((Task)ending.Committed).WaitAsync(LongestEnding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await HoldAsync(call);
    }

    /// <summary>The newest outcome that waits to be written; those before it are written with it or before.</summary>
    private PendingWrite? Ending => _newestOutcome is { Committed.IsCompleted: false } waiting ? waiting : null;

    private async Task<BudgetRefusal?> HoldAsync(Call call)
    {
        var write = new PendingWrite(new LedgerWrite { Call = call, Hold = true });
        if (!_opening.Writer.TryWrite(write)) throw new LedgerUnavailableException();
        try
        {
            return await write.Committed;
        }
        catch (CommitUnknownException)
        {
            // If it was committed after all, it must not stay open, nor hold money.
            _spill.Write(SettleHandler.ToWork(call, NotMade(), drew: false, _time.GetUtcNow()));
            throw;
        }
    }

    /// <summary>
    /// Books how a call ended. It is not cancellable, and a failure of the database does not lose it: the entry then waits in the
    /// spill file.
    /// </summary>
    public async Task SettleAsync(Call call, CallResult result)
    {
        if (await EnqueueAsync(call, result) is { } write) await write.Committed;
    }

    /// <summary>Like <see cref="SettleAsync"/>, but waits only until there is room for the outcome, not for its commit.</summary>
    public async Task SettleSoonAsync(Call call, CallResult result) => await EnqueueAsync(call, result);

    /// <summary>Records a call that was refused: opened and ended in one commit, at no cost.</summary>
    public async Task RefuseAsync(Call call, CallResult result)
    {
        var entry = CallPricing.Book(call, result, PriceBooks.Empty);
        try
        {
            await WriteAsync(new LedgerWrite { Call = call, Entry = entry }, result.Operation);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The refusal stands whether or not it could be recorded; nothing was spent.
            Log.RefusalNotRecorded(_logger, exception, call.Id);
        }
    }

    /// <summary>Records a call that needs no provider, before it is answered: opened and ended in one commit, at no cost.</summary>
    /// <exception cref="LedgerUnavailableException">It could not be recorded, so it must not be answered.</exception>
    public async Task AnswerAsync(Call call, CallResult result)
    {
        var entry = CallPricing.Book(call, result, PriceBooks.Empty);
        var write = new PendingWrite(await _database.SealAsync(new LedgerWrite { Call = call, Entry = entry }));
        if (!_opening.Writer.TryWrite(write)) throw new LedgerUnavailableException();
        await write.Committed;
        _feed.Publish(entry, result.Operation);
    }

    /// <summary>
    /// One writer is enough for SQLite, where one writes at a time, and for slices of budgets, which change with every commit. On PostgreSQL calls that are
    /// about to be made do not wait for outcomes: these have a writer of their own.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Running = true;
        try
        {
            if (_database.WritesAtOnce && !_leases.Enabled)
                await Task.WhenAll(RunAsync("call-ledger", _opening.Reader, LedgerWriter.Nothing), RunAsync("call-outcomes", LedgerWriter.Nothing, _outcomes.Reader));
            else
                await RunAsync("call-ledger", _opening.Reader, _outcomes.Reader);
        }
        finally
        {
            Running = false;
            TurnAwayWaiting();
        }
    }

    private async Task RunAsync(string name, ChannelReader<PendingWrite> opening, ChannelReader<PendingWrite> outcomes)
    {
        try
        {
            var writer = new LedgerWriter(_database, _leases, opening, outcomes, () => _stopping, Publish, Keep, _logger);
            await OwnThread.RunAsync(name, writer.RunAsync);
        }
        catch
        {
            TakeNoMore(); // One without the other would be half a ledger.
            throw;
        }
    }

    /// <summary>
    /// Takes no more writes and finishes those that wait. The host calls it after the web server has stopped. Those that cannot be
    /// finished in the time it gives fail, so that outcomes among them reach the spill file before the process ends.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        TakeNoMore();
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

    private void TakeNoMore()
    {
        _stopping = true;
        _opening.Writer.TryComplete();
        _outcomes.Writer.TryComplete();
    }

    /// <summary>Whatever ended the writer, nobody may wait for it for ever.</summary>
    private void TurnAwayWaiting()
    {
        TakeNoMore();
        var (reason, outcomes) = (new LedgerUnavailableException(), new List<PendingWrite>());
        while (_opening.Reader.TryRead(out var write)) write.Fail(reason);
        while (_outcomes.Reader.TryRead(out var write))
        {
            if (write.Outcome is null) write.Fail(reason);
            else outcomes.Add(write);
        }

        Keep(outcomes, reason);
    }

    /// <summary>Completes once there is room.</summary>
    /// <returns>What waits then; none if the outcome had to be spilled.</returns>
    private async ValueTask<PendingWrite?> EnqueueAsync(Call call, CallResult result)
    {
        var draw = _leases.TakeDraw(call.Id);
        try
        {
            var entry = CallPricing.Book(call, result, await _prices.GetAsync(call.OrganizationId, CancellationToken.None));
            var write = new PendingWrite(await _database.SealAsync(new LedgerWrite { Entry = entry, Opened = call, Draw = draw, Attempts = result.Attempts })) { Outcome = (call, result) };
            _newestOutcome = write;
            await _outcomes.Writer.WriteAsync(write);
            return write;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Spill(call, result, draw is not null, exception);
            return null;
        }
    }

    /// <summary>Tells what was booked.</summary>
    private void Publish(List<PendingWrite> booked)
    {
        foreach (var write in booked)
        {
            try
            {
                _feed.Publish(write.Write.Entry!, write.Outcome!.Value.Result.Operation);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Log.OutcomeNotTold(_logger, exception, write.Write.Entry!.CallId);
            }

            write.Succeed(refusal: null);
        }
    }

    /// <summary>Keeps outcomes that could not be booked in the spill file.</summary>
    private void Keep(List<PendingWrite> outcomes, Exception reason)
    {
        foreach (var write in outcomes)
        {
            var (call, result) = write.Outcome!.Value;
            try
            {
                Spill(call, result, write.Write.Draw is not null, reason);
                write.Succeed(refusal: null);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Log.OutcomeLost(_logger, exception, call.Id);
                write.Fail(exception);
            }
        }
    }

    private void Spill(Call call, CallResult result, bool drew, Exception exception)
    {
        Log.SettleSpilled(_logger, exception, call.Id);
        _spill.Write(SettleHandler.ToWork(call, result, drew, _time.GetUtcNow()));
    }

    private async Task WriteAsync(LedgerWrite facts, string operation)
    {
        var write = new PendingWrite(await _database.SealAsync(facts));
        await _outcomes.Writer.WriteAsync(write);
        await write.Committed;
        _feed.Publish(facts.Entry!, operation);
    }

    private CallResult NotMade() => new(Domain.Proxy.CallOutcome.Refused, _time.GetUtcNow()) { ErrorCode = Domain.Proxy.ProxyErrors.LedgerUnavailable.Code };
}

/// <summary>Too many writes are waiting for the database, or the process is ending.</summary>
public sealed class LedgerUnavailableException() : Exception("The ledger takes no further write at the moment.");
