namespace Governance.Domain.Proxy.Limits;

/// <summary>Whose calls a limit counts together.</summary>
public enum LimitScope
{
    /// <summary>A key's.</summary>
    Key,

    /// <summary>An application's, over all its keys.</summary>
    Application,

    /// <summary>A team's, over all its applications.</summary>
    Team,

    /// <summary>
    /// A person's: of the end user whom the application names, over all applications that name them so. A limit set on one of the organisation's own people
    /// counts the calls of the keys they answer for; the default for every person does not, because whoever answers for a key is not who asks.
    /// </summary>
    Person,

    /// <summary>A network address's: a whole IPv4 address, or the first 64 bits of an IPv6 one, which is what one household or host has to itself.</summary>
    Address,
}
