using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Governance.Testing;

/// <summary>Keeps what was logged, for tests that look for something in it, or for its absence.</summary>
public sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<CapturedLog> _entries = new();

    public IReadOnlyCollection<CapturedLog> Entries => _entries;

    public bool Contains(int eventId) => _entries.Any(entry => entry.EventId == eventId);

    /// <summary>Keeps no longer what was logged until now.</summary>
    public void Forget() => _entries.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(string category, ConcurrentQueue<CapturedLog> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new CapturedLog(logLevel, category, eventId.Id, formatter(state, exception), exception));
    }
}

/// <summary>Something that was logged.</summary>
public sealed record CapturedLog(LogLevel Level, string Category, int EventId, string Message, Exception? Exception);
