using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>A call's place under its limits. It ends with the call; then its tokens are corrected to what was used.</summary>
public sealed class LimitLease : IDisposable
{
    private readonly LimitBook? _book;
    private readonly (Quota Quota, long Bucket, long Amount)[] _entries;
    private int _ended;

    internal LimitLease(LimitBook? book, (Quota Quota, long Bucket, long Amount)[] entries) => (_book, _entries) = (book, entries);

    /// <summary>Of a call that no limit applies to.</summary>
    internal static LimitLease Unlimited { get; } = new(null, []);

    internal ReadOnlySpan<(Quota Quota, long Bucket, long Amount)> Entries => _entries;

    /// <summary>
    /// Gives the place back. To be called as soon as the answer is out, not when all is booked: somebody who calls one by one is not to be taken for two.
    /// </summary>
    /// <param name="tokens">What the call used.</param>
    public void End(long tokens)
    {
        if (_book is not null && Interlocked.Exchange(ref _ended, 1) == 0) _book.Leave(this, tokens);
    }

    /// <summary>Gives it back for a call that was not made.</summary>
    public void Dispose() => End(0);
}
