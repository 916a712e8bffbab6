"""Which tool wrote an export, and which columns are its own record and no answers?"""

from __future__ import annotations

import re

from surveybook.survey.intake.wordings import clean

# Columns that each tool adds, as its documentation names them: support.qualtrics.com (Understanding your data set),
# help.surveymonkey.com (Exporting), manual.limesurvey.org (Export responses), support.kobotoolbox.org (Exporting your
# data), www.soscisurvey.de/help (Variables in the data set), support.microsoft.com and support.google.com (Forms),
# help.typeform.com (Results), tally.so/help, formbricks.com/docs (Export responses), REDCap (Data Exports)
NAMES = {
    "Qualtrics": (
        "StartDate,EndDate,Status,IPAddress,Progress,"
        "Duration (in seconds),Finished,RecordedDate,ResponseId,ResponseID,"
        "ResponseSet,Name,ExternalDataReference,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,"
        "Q_RecaptchaScore,Q_RelevantIDDuplicate,Q_RelevantIDDuplicateScore,Q_RelevantIDFraudScore,"
        "Q_RelevantIDLastStartDate,Q_DuplicateRespondent,Q_BallotBoxStuffing,Q_TotalDuration,Q_Language,Q_URL,"
        "LocationLatitude,LocationLongitude,LocationAccuracy,DistributionChannel,UserLanguage,EmailAddress"),
    "SurveyMonkey": (
        "RespondentID,Respondent ID,CollectorID,Collector ID,StartDate,Start Date,EndDate,End Date,Date Created,"
        "Date Modified,IP Address,Email Address,First Name,LastName,Last Name,Custom Data,Custom Data 1"),
    "LimeSurvey": (
        "id,submitdate,lastpage,startlanguage,seed,token,startdate,datestamp,ipaddr,refurl,Response ID,Date submitted,"
        "Last page,Start language,Seed,Date started,Date last action,IP address,Referrer URL,Antwort ID,"
        "Datum Abgeschickt,Letzte Seite,Start-Sprache,Zufallsstartwert,Datum gestartet,Datum letzte Aktivität,"
        "IP-Adresse,Weiterleitungs-URL,Zugangscode,Gesamtzeit,interviewtime,Total time"),
    "SoSci Survey": (
        "CASE,SERIAL,REF,QUESTNNR,MODE,LANGUAGE,STARTED,TIME_SUM,MAILSENT,LASTDATA,STATUS,FINISHED,Q_VIEWER,LASTPAGE,"
        "MAXPAGE,MISSING,MISSREL,TIME_RSI,DEG_TIME,DEG_MISS"),
    "KoboToolbox": (
        "start,end,today,username,deviceid,phonenumber,simserial,subscriberid,_id,_uuid,_submission_time,"
        "_validation_status,_notes,_status,_submitted_by,__version__,_tags,_index,_attachments,_geolocation,"
        "meta/instanceID,meta/rootUuid,formhub/uuid,meta/instanceName,audit"),
    "Microsoft Forms": (
        "ID,Start time,Completion time,Email,Name,Last modified time,Language,Startzeit,Fertigstellungszeit"),
    "Typeform": (
        "#,Network ID,Start Date (UTC),Submit Date (UTC),Stage Date (UTC),"
        "Response Type,Tags,Ending,Score,Submitted At,Token"),
    "Google Forms": (
        "Timestamp,Zeitstempel,Horodateur,Marca temporal,Informazioni cronologiche,Tijdstempel,Email Address,Username,"
        "E-Mail-Adresse,Score"),
    "REDCap": (
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,"
        "redcap_survey_identifier,Record ID,Event Name,Repeat Instrument,Repeat Instance,Data Access Group,"
        "Survey Identifier,Survey Timestamp,Complete?"),
    "Tally": "Submission ID,Respondent ID,Submitted at",
    "Formbricks": (
        "No.,Response ID,Timestamp,Finished,Survey ID,Formbricks ID (internal),User ID,Notes,Tags,url,source,country,"
        "action,userAgent - os,userAgent - device,userAgent - browser,URL,Quotas"),
}
RECORDS = {tool: frozenset(names.split(",")) for tool, names in NAMES.items()}
# What only an export of this tool has: all the names of one of the sets
MARKS: dict[str, tuple[set[str], ...]] = {
    "Qualtrics": ({"StartDate", "ResponseId"}, {"ResponseID", "ResponseSet"}, {"RecordedDate", "Finished"}),
    "LimeSurvey": (
        {"id", "submitdate"},
        {"id", "lastpage"},
        {"Response ID", "Date submitted"},
        {"Antwort ID", "Datum Abgeschickt"},
    ),
    "SoSci Survey": ({"CASE", "QUESTNNR"}, {"CASE", "STARTED"}),
    "KoboToolbox": ({"_uuid", "_submission_time"}, {"_id", "_uuid"}, {"__version__", "_index"}),
    "Microsoft Forms": ({"ID", "Start time", "Completion time"}, {"ID", "Startzeit", "Fertigstellungszeit"}),
    "Typeform": ({"#", "Network ID"}, {"Start Date (UTC)", "Submit Date (UTC)"}, {"Submitted At", "Token"}),
    "REDCap": ({"record_id", "redcap_survey_identifier"}, {"record_id", "redcap_event_name"},
               {"Record ID", "Survey Timestamp"}, {"Record ID", "Complete?"}, {"Record ID", "Event Name"}),
    "Tally": ({"Submission ID", "Submitted at"},),
    "Formbricks": ({"Response ID", "Survey ID", "Finished"},),
    "SurveyMonkey": ({"RespondentID"}, {"Respondent ID", "Collector ID"}),
}
COUNTED = re.compile(r"Anzahl ausgewählter Optionen|number of selected options", re.IGNORECASE)  # beside the options
STAMPS = ("Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Informazioni cronologiche", "Tijdstempel")


def name_tool(rows: list[list[str]]) -> str:
    """The tool whose columns stand in the first row; nothing if none is known."""
    names = [clean(cell) for cell in rows[0]]
    if any("ImportId" in cell for row in rows[2:3] for cell in row):
        return "Qualtrics"
    for tool, marks in MARKS.items():
        if any(mark <= set(names) for mark in marks):
            return tool
    if "record_id" in names and any(re.search(r"___\d+$|_complete$", name) for name in names):
        return "REDCap"
    return "Google Forms" if names[0] in STAMPS else ""


def is_record(tool: str, heading: str, wording: str = "") -> bool:
    """Whether a column is what the tool writes about each response, or counts from its answers."""
    if tool == "Qualtrics" and heading.endswith("_NPS_GROUP") or tool == "SoSci Survey" and COUNTED.search(wording):
        return True
    if tool == "SoSci Survey" and heading.startswith("TIME") and heading[4:].isdigit():
        return True
    if tool == "Qualtrics" and any(
        word in heading for word in ("_First Click", "_Last Click", "_Page Submit", "_Click Count")
    ):
        return True
    if tool == "Qualtrics" and re.search(r"_DO(_\d+)*$|^Q_DO_|^FL_\d+_DO", heading):  # in which order it was shown
        return True
    if tool == "LimeSurvey" and re.match(r"(group|question)Time\d|(Group|Question) time: |(Gruppen|Fragen)zeit: ",
                                         heading):
        return True
    if tool == "REDCap" and re.search(r"^redcap_|_(complete|timestamp)$", heading):
        return True
    return heading in RECORDS.get(tool, ())
