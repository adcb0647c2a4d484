namespace Governance.Domain.Identity;

/// <summary>
/// How long an account is locked after failed sign-ins, passwords and second factors counted together: from the fifth failure on for a
/// minute, then twice as long each time, up to an hour. After a hundred in a row (NIST SP 800-63B-4, section 3.2.2) only an administrator
/// opens it again.
/// </summary>
public static class LockoutSchedule
{
    public const int FreeFailures = 4;
    public const int MaxFailures = 100;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How long to lock after so many failures in a row; none while there are few.</summary>
    public static TimeSpan? LockAfter(int failures)
    {
        if (failures <= FreeFailures) return null;
        var doublings = Math.Min(failures - FreeFailures - 1, 6);
        var duration = First * Math.Pow(2, doublings);
        return duration < Longest ? duration : Longest;
    }
}
