namespace Governance.Infrastructure.Data;

/// <summary>
/// A row that is sealed at some moment: before it is worked on, afterwards the application neither changes nor deletes it. Whatever
/// column makes it sealed is mapped as a concurrency token, so that a copy which was read before cannot overwrite it either.
/// </summary>
public interface ISealable
{
    Guid Id { get; }

    bool IsSealed { get; }

    /// <summary>The sealable row this one is a part of, together with which alone it is added; none if it stands by itself.</summary>
    Guid? PartOf => null;
}
